using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture;

/// <content>What can go wrong with targets that are reached by HTTP.</content>
public static partial class CaptureDiagnostics
{
    /// <summary>A server refuses what was asked of it, and would again.</summary>
    public static DiagnosticId UploadRefused { get; } = new(5120, "upload refused");

    /// <summary>A server's certificate is not one to be trusted, or no TLS could be agreed upon.</summary>
    public static DiagnosticId ServerNotTrusted { get; } = new(5121, "server not trusted");

    /// <summary>A server's answer is none of the protocol's.</summary>
    public static DiagnosticId BadAnswer { get; } = new(5122, "answer not understood");

    /// <summary>A file of certificates has none that can be used.</summary>
    public static DiagnosticId BadCertificateFile { get; } = new(5123, "unfit certificate file");

    /// <summary>A file that should hold a token or keys does not.</summary>
    public static DiagnosticId BadSecretFile { get; } = new(5124, "unfit file of a token or keys");

    /// <summary>A server has not what an upload needs.</summary>
    public static DiagnosticId ServerLacks { get; } = new(5125, "server cannot take an upload");
}
