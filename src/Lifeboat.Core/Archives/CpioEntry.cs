namespace Lifeboat.Core.Archives;

/// <summary>One entry of a cpio archive.</summary>
/// <param name="Name">Its path without a leading slash, as the archive has it.</param>
/// <param name="Mode">Kind and permissions (<c>st_mode</c>).</param>
/// <param name="Content">A file's bytes; a symbolic link's target; else empty.</param>
public sealed record CpioEntry(string Name, int Mode, ReadOnlyMemory<byte> Content)
{
    /// <summary>The major number of a device node.</summary>
    public int NodeMajor { get; init; }

    /// <summary>The minor number of a device node.</summary>
    public int NodeMinor { get; init; }

    /// <summary>Whether it is a folder.</summary>
    public bool IsDirectory => (Mode & CpioMode.KindMask) == CpioMode.Directory;

    /// <summary>Whether somebody may execute it.</summary>
    public bool IsExecutable => (Mode & CpioMode.Executable) != 0;

    /// <summary>Whether it is a symbolic link.</summary>
    public bool IsSymbolicLink => (Mode & CpioMode.KindMask) == CpioMode.SymbolicLink;

    /// <summary>Whether it is a regular file.</summary>
    public bool IsFile => (Mode & CpioMode.KindMask) == CpioMode.File;
}
