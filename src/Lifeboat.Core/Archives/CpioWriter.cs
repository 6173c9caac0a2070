using System.Text;

namespace Lifeboat.Core.Archives;

/// <summary>
/// Writes a cpio archive in the "newc" form, the one the kernel unpacks as its first root filesystem.
/// </summary>
/// <remarks>
/// <code>
/// header (110) | name NUL | pad to 4 | content | pad to 4 | header | ... | TRAILER!!! | pad to 512
/// </code>
/// <para>Owners are root and times are zero, so that the same entries give the same bytes. Folders must be written
/// before what lies in them: the kernel does not make them by itself.</para>
/// <para><b>Ownership.</b> The stream stays the caller's.</para>
/// <para><b>Thread safety.</b> One thread at a time.</para>
/// </remarks>
public sealed class CpioWriter(Stream stream)
{
    private const int Alignment = 4;
    private const int ArchiveAlignment = 512;

    // A path longer than the kernel's PATH_MAX would be skipped without a word.
    private const int MaxNameSize = 4096;

    private long _position;
    private uint _inode;
    private bool _finished;

    /// <summary>Adds a folder.</summary>
    /// <exception cref="ArgumentException">The name is empty, too long, or starts with a slash; so for all below.</exception>
    public void AddDirectory(string name, int permissions = 0x1ED) =>
        Add(name, CpioMode.Directory | permissions, [], 2, 0, 0);

    /// <summary>Adds a regular file.</summary>
    public void AddFile(string name, ReadOnlySpan<byte> content, int permissions) =>
        Add(name, CpioMode.File | permissions, content, 1, 0, 0);

    /// <summary>Adds a symbolic link.</summary>
    public void AddSymbolicLink(string name, string target) =>
        Add(name, CpioMode.SymbolicLink | 0x1FF, Encoding.UTF8.GetBytes(target), 1, 0, 0);

    /// <summary>Adds a character device node.</summary>
    public void AddCharacterDevice(string name, int major, int minor, int permissions) =>
        Add(name, CpioMode.CharacterDevice | permissions, [], 1, (uint)major, (uint)minor);

    /// <summary>Ends the archive; nothing can be added afterwards.</summary>
    /// <exception cref="InvalidOperationException">It is ended already.</exception>
    public void Finish()
    {
        Write(CpioHeader.TrailerName, new CpioHeader { LinkCount = 1 }, []);
        _finished = true;
        Pad(ArchiveAlignment);
    }

    private void Add(string name, int mode, ReadOnlySpan<byte> content, uint links, uint major, uint minor)
    {
        if (name.Length == 0 || name[0] == '/' || name.Contains('\0') || name == CpioHeader.TrailerName)
        {
            throw new ArgumentException($"'{name}' is no name for an entry of an archive", nameof(name));
        }

        Write(
            name,
            new CpioHeader
            {
                Inode = ++_inode,
                Mode = (uint)mode,
                LinkCount = links,
                FileSize = (uint)content.Length,
                NodeMajor = major,
                NodeMinor = minor,
            },
            content);
    }

    private void Write(string name, CpioHeader header, ReadOnlySpan<byte> content)
    {
        if (_finished)
        {
            throw new InvalidOperationException("the archive is ended");
        }

        byte[] encoded = Encoding.UTF8.GetBytes(name);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(encoded.Length, MaxNameSize, nameof(name));
        Span<byte> bytes = stackalloc byte[CpioHeader.Size];
        (header with { NameSize = (uint)encoded.Length + 1 }).WriteTo(bytes);
        Put(bytes);
        Put(encoded);
        Put([0]);
        Pad(Alignment);
        Put(content);
        Pad(Alignment);
    }

    private void Pad(int alignment)
    {
        int over = (int)(_position % alignment);
        if (over != 0)
        {
            Put(new byte[alignment - over]);
        }
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        stream.Write(bytes);
        _position += bytes.Length;
    }
}
