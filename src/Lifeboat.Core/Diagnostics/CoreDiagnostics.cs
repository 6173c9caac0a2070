namespace Lifeboat.Core.Diagnostics;

/// <summary>The diagnostics of this room.</summary>
public static partial class CoreDiagnostics
{
    /// <summary>A cpio archive that is damaged.</summary>
    public static DiagnosticId BadArchive { get; } = new(1001, "damaged cpio archive");
}
