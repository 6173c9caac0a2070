using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux.Interop;
using Lifeboat.Core.Memory;
using Microsoft.Win32.SafeHandles;

namespace Lifeboat.Core.Linux;

/// <summary>A new file, written at any place; every refusal is told with its error number and the path.</summary>
/// <remarks><para><b>Thread safety.</b> One thread at a time.</para></remarks>
public sealed class OutputFile : IDisposable
{
    private const uint OwnerOnly = 0x180; // 0600: a dump holds everything the machine knew.

    private readonly SafeFileHandle _file;

    private OutputFile(string path, SafeFileHandle file)
    {
        Path = path;
        _file = file;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Creates the file, readable by its owner only, or empties the one that is there.</summary>
    /// <exception cref="KernelInterfaceException">It cannot be created.</exception>
    public static OutputFile Create(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        const int Flags = LibcFile.OpenReadWrite
            | LibcFile.OpenCreate | LibcFile.OpenTruncate | LibcFile.OpenCloseOnExec;
        SafeFileHandle file = LibcFile.Open(path, Flags, OwnerOnly);
        if (file.IsInvalid)
        {
            Errno errno = LibcFile.LastError();
            file.Dispose();
            throw new KernelInterfaceException("open", path, errno);
        }

        return new OutputFile(path, file);
    }

    /// <summary>Opens a disk or partition for writing, or a file that stands for one; nothing of it is changed yet.</summary>
    /// <exception cref="KernelInterfaceException">It cannot be opened; <see cref="Errno.EBUSY"/> when the kernel uses it, as a
    /// mounted filesystem or a part of something larger.</exception>
    public static OutputFile OpenDevice(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        SafeFileHandle file = LibcFile.Open(path, LibcFile.OpenReadWrite | LibcFile.OpenExclusive | LibcFile.OpenCloseOnExec, 0);
        if (file.IsInvalid)
        {
            Errno errno = LibcFile.LastError();
            file.Dispose();
            throw new KernelInterfaceException("open", path, errno);
        }

        return new OutputFile(path, file);
    }

    /// <summary>Bytes of the file, or of the device.</summary>
    public ByteCount Length => new((ulong)Math.Max(0, LibcFile.Seek(_file, 0, LibcFile.SeekEnd)));

    /// <summary>The open file, for a second object of this room that reads it.</summary>
    internal SafeFileHandle Handle => _file;

    /// <summary>Writes all of <paramref name="bytes"/> at <paramref name="offset"/>.</summary>
    /// <exception cref="KernelInterfaceException">The kernel refused; some of the bytes may have been
    /// written.</exception>
    public unsafe void WriteAt(FileOffset offset, ReadOnlySpan<byte> bytes)
    {
        // Safety: the span is pinned for the calls, and done stays within its length.
        fixed (byte* source = bytes)
        {
            int done = 0;
            while (done < bytes.Length)
            {
                long position = checked((long)(offset.Value + (ulong)done));
                nint written = LibcFile.WriteAt(_file, source + done, (nuint)(bytes.Length - done), position);
                if (written > 0)
                {
                    done += (int)written;
                    continue;
                }

                Errno errno = written == 0 ? Errno.EIO : LibcFile.LastError();
                if (errno != Errno.EINTR)
                {
                    throw new KernelInterfaceException("write", Path, errno);
                }
            }
        }
    }

    /// <summary>Reads back; what lies beyond the end reads as zeros.</summary>
    /// <exception cref="KernelInterfaceException">The kernel refused.</exception>
    public unsafe void ReadAt(FileOffset offset, Span<byte> destination)
    {
        // Safety: the span is pinned for the calls, and done stays within its length.
        fixed (byte* target = destination)
        {
            int done = 0;
            while (done < destination.Length)
            {
                long position = checked((long)(offset.Value + (ulong)done));
                nint read = LibcFile.ReadAt(_file, target + done, (nuint)(destination.Length - done), position);
                if (read > 0)
                {
                    done += (int)read;
                    continue;
                }

                if (read == 0)
                {
                    destination[done..].Clear();
                    return;
                }

                Errno errno = LibcFile.LastError();
                if (errno != Errno.EINTR)
                {
                    throw new KernelInterfaceException("read", Path, errno);
                }
            }
        }
    }

    /// <summary>Sets the length; what is added reads as zeros and takes no room until it is written.</summary>
    /// <exception cref="KernelInterfaceException">The kernel refused.</exception>
    public void SetLength(ByteCount length)
    {
        if (LibcFile.Truncate(_file, checked((long)length.Value)) != 0)
        {
            throw new KernelInterfaceException("ftruncate", Path, LibcFile.LastError());
        }
    }

    /// <summary>Returns when everything written is on stable storage.</summary>
    /// <exception cref="KernelInterfaceException">The kernel refused, or the device reported an error.</exception>
    public void Sync()
    {
        if (LibcFile.Sync(_file) != 0)
        {
            throw new KernelInterfaceException("fsync", Path, LibcFile.LastError());
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();
}
