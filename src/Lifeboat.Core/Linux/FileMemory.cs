using System.Buffers;
using Lifeboat.Core.Linux.Interop;
using Microsoft.Win32.SafeHandles;

namespace Lifeboat.Core.Linux;

/// <summary>A whole file as memory: the pages of the page cache themselves, and none beside them.</summary>
/// <remarks>
/// <para><b>Changes.</b> Whoever writes into the file meanwhile changes this memory, which <see cref="HasChanged"/> tells afterwards;
/// a file that another one takes the place of under its name stays as it was. Looking at what was cut off a mapped file ends the
/// process (SIGBUS), as it does with every program that maps files.</para>
/// <para><b>Ownership.</b> Nothing of the memory may be used after <see cref="IDisposable.Dispose"/>; without it the memory stays for
/// as long as the process does.</para>
/// <para><b>Thread safety.</b> Any number of threads may read.</para>
/// </remarks>
public sealed unsafe class FileMemory : MemoryManager<byte>
{
    private readonly SafeFileHandle _file;
    private readonly DateTime _written;
    private readonly int _length;
    private byte* _address;

    private FileMemory(SafeFileHandle file, DateTime written, byte* address, int length)
    {
        _file = file;
        _written = written;
        _address = address;
        _length = length;
    }

    /// <summary>Maps a file, all pages of which are there then.</summary>
    /// <returns>Null when it cannot be mapped as a whole: it is empty, no file on a disk, or 2 GiB and more; when a page cannot be
    /// read; and before Linux 5.14, where that cannot be known in time. Reading it tells why, or works.</returns>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be opened.</exception>
    public static FileMemory? TryMap(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        SafeFileHandle file = File.OpenHandle(path);
        DateTime written = File.GetLastWriteTimeUtc(file);
        long length = LibcFile.Seek(file, 0, LibcFile.SeekEnd);
        if (length is > 0 and < int.MaxValue)
        {
            // Safety: a new private read-only mapping, at a place the kernel picks, released by Dispose(bool).
            void* address = LibcFile.Map(null, (nuint)length, LibcFile.ProtectionRead, LibcFile.MapPrivate, file, 0);
            if ((nint)address != -1)
            {
                if (LibcFile.Advise(address, (nuint)length, LibcFile.PopulateRead) == 0)
                {
                    return new FileMemory(file, written, (byte*)address, (int)length);
                }

                // Safety: exactly what was mapped, which nothing refers to.
                _ = LibcFile.Unmap(address, (nuint)length);
            }
        }

        file.Dispose();
        return null;
    }

    /// <summary>Whether the file was written to since it was mapped.</summary>
    public bool HasChanged() =>
        File.GetLastWriteTimeUtc(_file) != _written || LibcFile.Seek(_file, 0, LibcFile.SeekEnd) != _length;

    /// <inheritdoc/>
    // Safety: what is mapped.
    public override Span<byte> GetSpan() => new(_address, _address is null ? 0 : _length);

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)_length, nameof(elementIndex));

        // Safety: a mapping does not move.
        return new MemoryHandle(_address + elementIndex);
    }

    /// <inheritdoc/>
    public override void Unpin()
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (_address is not null)
        {
            // Safety: exactly what was mapped; the caller says that nothing refers to it any more.
            _ = LibcFile.Unmap(_address, (nuint)_length);
            _address = null;
            _file.Dispose();
        }
    }
}
