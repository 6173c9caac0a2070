using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Kexec.Images;

/// <summary>A file that holds a kernel, and what else lies in it.</summary>
/// <param name="Image">The kernel.</param>
public sealed record KernelFile(KernelImage Image)
{
    /// <summary>What the file is called in messages: its path. The image's own name tells what it was taken out of, too.</summary>
    public required string Name { get; init; }

    /// <summary>The file as it is, which kexec_file_load is given.</summary>
    public required ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>
    /// The kernel alone as a whole file, out of its <see cref="Wrappers"/>: what kexec_file_load is given when there are any.
    /// </summary>
    public ReadOnlyMemory<byte> ImageBytes { get => field.IsEmpty ? Bytes : field; init; }

    /// <summary>
    /// What the kernel was taken out of, outermost first: <c>gzip</c>, <c>xz</c>, <c>zstd</c>, <c>UKI</c>,
    /// <c>EFI zboot</c>; empty when the file is the image.
    /// </summary>
    public IReadOnlyList<string> Wrappers { get; init; } = [];

    /// <summary>
    /// The ramdisk that comes with the kernel, with the microcode updates that come with it in front; empty for none.
    /// </summary>
    public ReadOnlyMemory<byte> Ramdisk { get; init; }

    /// <summary>The command line that comes with the kernel, trimmed, on one line; null for none.</summary>
    public string? CommandLine { get; init; }

    /// <summary>The flattened device tree that comes with the kernel; empty for none.</summary>
    public ReadOnlyMemory<byte> DeviceTree { get; init; }

    /// <summary>The text of the os-release that comes with the kernel; null for none.</summary>
    public string? OsRelease { get; init; }

    /// <summary>The kernel's release, from the image or from what comes with it; null when neither names one.</summary>
    public string? Release { get => field ?? Image.Release; init; }

    /// <summary>Finds out by its content what the file is, unwraps it and checks it.</summary>
    /// <remarks>
    /// <para>
    /// Read are: bzImage, ELF vmlinux for x86-64, Multiboot and Multiboot2 kernels; each of them compressed by gzip, xz
    /// or zstd, in an EFI zboot image, or in a UKI, or several of these in one another.
    /// </para>
    /// <para><b>Ownership.</b> Refers to <paramref name="file"/>, which must not change; copied is only what is unpacked.</para>
    /// </remarks>
    /// <param name="file">The whole file.</param>
    /// <param name="name">What to call it in messages: its path.</param>
    /// <param name="limits">What is believed of an image.</param>
    /// <exception cref="DiagnosticException">It is no kernel, or one that cannot be started; names the field.</exception>
    public static KernelFile Open(ReadOnlyMemory<byte> file, string name, DumpLimits? limits = null) =>
        new KernelFileReader(limits ?? DumpLimits.Default).Read(file, name);
}
