using Lifeboat.Kexec.Images;
using Lifeboat.Kexec.Planning;

namespace Lifeboat.Kexec.Loading;

/// <summary>What is to be loaded by kexec_file_load.</summary>
public sealed record FileLoadRequest
{
    /// <summary>The kernel's path, which the call is given opened: what the kernel keeps with a file (IMA) stays with it.</summary>
    public required string KernelPath { get; init; }

    /// <summary>What the file is.</summary>
    public required KernelFile Kernel { get; init; }

    /// <summary>
    /// The ramdisks' paths, in the order they are unpacked; empty for the one that comes with the kernel, or for none.
    /// </summary>
    public IReadOnlyList<string> Ramdisks { get; init; } = [];

    /// <summary>The next kernel's command line; for a crash without <c>elfcorehdr=</c>, which the kernel adds.</summary>
    public required string CommandLine { get; init; }

    /// <summary>Flags besides <see cref="FileLoadFlags.NoRamdisk"/>, which follows from the ramdisks.</summary>
    public required FileLoadFlags Flags { get; init; }
}
