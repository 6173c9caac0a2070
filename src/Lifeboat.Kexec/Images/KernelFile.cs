using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Kexec.Images;

/// <summary>A file that holds a kernel, and what else lies in it.</summary>
/// <param name="Image">The kernel.</param>
public sealed record KernelFile(KernelImage Image)
{
    /// <summary>The file as it is, which kexec_file_load is given.</summary>
    public required ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>What the kernel was taken out of, outermost first: <c>gzip</c>, <c>UKI</c>; empty when the file is the image.</summary>
    public IReadOnlyList<string> Wrappers { get; init; } = [];

    /// <summary>The ramdisk that comes with the kernel; empty for none.</summary>
    public ReadOnlyMemory<byte> Ramdisk { get; init; }

    /// <summary>The command line that comes with the kernel; null for none.</summary>
    public string? CommandLine { get; init; }

    /// <summary>Finds out by its content what the file is, unwraps it and checks it.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="name">What to call it in messages: its path.</param>
    /// <param name="limits">What is believed of an image.</param>
    /// <exception cref="DiagnosticException">It is no kernel, or one that cannot be started; names the field.</exception>
    public static KernelFile Open(ReadOnlyMemory<byte> file, string name, DumpLimits? limits = null) =>
        new(BzImage.Parse(file, name, limits)) { Bytes = file };
}
