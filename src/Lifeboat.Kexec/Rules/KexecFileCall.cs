using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Planning;

namespace Lifeboat.Kexec.Rules;

/// <summary>One call of kexec_file_load, sound or not; what is null is not known and not checked.</summary>
public sealed record KexecFileCall
{
    /// <summary>The flags.</summary>
    public FileLoadFlags Flags { get; init; }

    /// <summary>Whether the kernel's descriptor is open for reading, of a regular file.</summary>
    public bool? KernelReadable { get; init; } = true;

    /// <summary>The kernel file's length.</summary>
    public ByteCount? KernelLength { get; init; }

    /// <summary>What keeps the kernel from taking the file for one it can load; empty when nothing does.</summary>
    public string? ImageFault { get; init; }

    /// <summary>Whether the file has a signature that the kernel's keys prove.</summary>
    public bool? SignatureGood { get; init; }

    /// <summary>Whether the ramdisk's descriptor is open for reading, of a regular file.</summary>
    public bool? RamdiskReadable { get; init; } = true;

    /// <summary>The ramdisk's length.</summary>
    public ByteCount? RamdiskLength { get; init; }

    /// <summary>The command line's length with its NUL; zero for none.</summary>
    public ByteCount CommandLineLength { get; init; }

    /// <summary>Whether its last byte is NUL.</summary>
    public bool CommandLineEnds { get; init; } = true;

    /// <summary>The longest command line that the kernel file takes (cmdline_size).</summary>
    public ByteCount? CommandLineRoom { get; init; }

    internal bool IsForCrash => (Flags & FileLoadFlags.OnCrash) != FileLoadFlags.None;

    internal bool Unloads => (Flags & FileLoadFlags.Unload) != FileLoadFlags.None;
}
