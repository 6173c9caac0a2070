namespace Lifeboat.Core.Diagnostics;

/// <summary>Sealed files and their keys, numbers 1100 to 1199.</summary>
public static partial class CoreDiagnostics
{
    /// <summary>A text is no public key that can be sealed to.</summary>
    public static DiagnosticId BadRecipient { get; } = new(1101, "not a recipient");

    /// <summary>A text is no secret key.</summary>
    public static DiagnosticId BadIdentity { get; } = new(1102, "not a secret key");

    /// <summary>A file of keys or recipients has none, or is too large to be one.</summary>
    public static DiagnosticId BadKeyFile { get; } = new(1103, "not a key file");

    /// <summary>A file is not sealed, or in a way that is not read.</summary>
    public static DiagnosticId NotSealed { get; } = new(1104, "not a sealed file");

    /// <summary>A sealed file's header is not what the format says.</summary>
    public static DiagnosticId BadSealedHeader { get; } = new(1105, "damaged header of a sealed file");

    /// <summary>None of the secret keys opens the file.</summary>
    public static DiagnosticId SealedToOtherKeys { get; } = new(1106, "sealed to other keys");

    /// <summary>A sealed file ends early.</summary>
    public static DiagnosticId SealedFileCutOff { get; } = new(1107, "sealed file cut off");

    /// <summary>A sealed file was changed after it was sealed.</summary>
    public static DiagnosticId SealedFileDamaged { get; } = new(1108, "damaged sealed file");

    /// <summary>Something follows after a sealed file's end.</summary>
    public static DiagnosticId SealedFileExtended { get; } = new(1109, "bytes after the end of a sealed file");
}
