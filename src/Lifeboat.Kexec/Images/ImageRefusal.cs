using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Kexec.Images;

/// <summary>Makes the exceptions that say why a file is not taken for a kernel.</summary>
internal static class ImageRefusal
{
    private const string AnyKernel = "Give the vmlinuz of a distribution's kernel package, or arch/x86/boot/bzImage";

    private const string Again = "Copy or build the file again: it is damaged";

    /// <summary>The file is something else than a kernel for this machine.</summary>
    internal static DiagnosticException Foreign(string what, string where, string found, string expected) =>
        Refuse(KexecDiagnostics.ImageForeign, what, where, found, expected, AnyKernel);

    /// <summary>The file ends before its own headers say.</summary>
    internal static DiagnosticException Truncated(string what, string where, string found, string expected) =>
        Refuse(KexecDiagnostics.ImageTruncated, what, where, found, expected, Again);

    /// <summary>A field contradicts the file or another field.</summary>
    internal static DiagnosticException Damaged(string what, string where, string found, string expected) =>
        Refuse(KexecDiagnostics.ImageDamaged, what, where, found, expected, Again);

    /// <summary>The kernel is whole, and wants something that is not done.</summary>
    internal static DiagnosticException Unsuitable(
        string what, string where, string found, string expected, string remedy = AnyKernel) =>
        Refuse(KexecDiagnostics.ImageUnsuitable, what, where, found, expected, remedy);

    private static DiagnosticException Refuse(
        DiagnosticId id, string what, string where, string found, string expected, string remedy) =>
        new(new Diagnostic(id, what) { Where = where, Found = found, Expected = expected, Remedy = remedy });
}
