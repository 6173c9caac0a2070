using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.IO;
using Lifeboat.Core.Linux.Interop;
using Lifeboat.Core.Memory;
using Microsoft.Win32.SafeHandles;

namespace Lifeboat.Core.Linux;

/// <summary>A file of any size, read at any place through a few small mapped windows.</summary>
/// <remarks>
/// <para><b>Hot path.</b> A read copies out of a mapped window of a MiB; four windows are kept, the one unused longest
/// makes room. Where the kernel refuses to map (a range of /proc/vmcore may refuse), the bytes are read instead. So are
/// whole pages of a file that the kernel caches: it copies them in less time than it takes to map and unmap them
/// (/proc/vmcore is the other way round, it maps the memory there for every page that is read).</para>
/// <para><b>Holes.</b> Looking at a hole of a mapped file takes a page of a tmpfs; where it has none left, that would be
/// the end of the process (SIGBUS). There, windows are filled ahead, and read instead where that fails.</para>
/// <para><b>Memory.</b> At most four MiB of address space, however large the file.</para>
/// <para><b>Thread safety.</b> One thread at a time; <see cref="TryShare"/> gives another thread a reader of its own.</para>
/// </remarks>
public sealed class MappedFile : IRandomAccessFile
{
    private const int WindowSize = 1 << 20;
    private const int WindowCount = 4;

    private readonly SafeFileHandle _file;
    private readonly bool _ownsFile;
    private readonly Window[] _windows = new Window[WindowCount];
    private readonly ulong _end;
    private readonly bool _mayLackPages;
    private readonly bool _isCached;
    private bool _isScattered;
    private long _clock;

    private MappedFile(string path, SafeFileHandle file, ByteCount? length, bool ownsFile)
    {
        Path = path;
        _file = file;
        _ownsFile = ownsFile;
        Length = length;

        long fileSystem = FileSystemOf(file);
        _mayLackPages = fileSystem == LibcFile.TmpfsMagic;
        _isCached = fileSystem is not (0 or LibcFile.ProcMagic);

        // The kernel refuses positions whose end does not fit its signed offset.
        _end = length is { } known ? known.Value - 1 : (ulong)(long.MaxValue - (2 * WindowSize));
        for (int i = 0; i < WindowCount; i++)
        {
            _windows[i] = new Window();
        }
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Its length when it was opened; null when the kernel does not tell (some files under /proc).</summary>
    public ByteCount? Length { get; }

    /// <inheritdoc/>
    public bool ReadsFaster => _isCached;

    /// <summary>Opens a file for reading.</summary>
    /// <exception cref="KernelInterfaceException">It cannot be opened.</exception>
    public static MappedFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        SafeFileHandle file = LibcFile.Open(path, LibcFile.OpenReadOnly | LibcFile.OpenCloseOnExec, 0);
        if (file.IsInvalid)
        {
            Errno errno = LibcFile.LastError();
            file.Dispose();
            throw new KernelInterfaceException("open", path, errno);
        }

        return Of(file, path);
    }

    /// <summary>Reads what was written to a file that may have no name any more.</summary>
    /// <param name="file">The file; stays open, and may be closed.</param>
    /// <param name="name">What to call it.</param>
    /// <exception cref="KernelInterfaceException">The kernel gives no second descriptor.</exception>
    public static MappedFile Of(OutputFile file, string name)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentException.ThrowIfNullOrEmpty(name);
        SafeFileHandle second = LibcFile.Duplicate(file.Handle, LibcFile.DuplicateCloseOnExec, 0);
        return second.IsInvalid ? throw new KernelInterfaceException("dup", name, LibcFile.LastError()) : Of(second, name);
    }

    private static MappedFile Of(SafeFileHandle file, string path)
    {
        long length = LibcFile.Seek(file, 0, LibcFile.SeekEnd);

        // A directory seeks to the largest offset there is; files under /proc often to 0.
        return new MappedFile(path, file, length is > 0 and < long.MaxValue ? new ByteCount((ulong)length) : null, ownsFile: true);
    }

    /// <summary>Reads from <paramref name="offset"/> on.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="destination">Receives the bytes.</param>
    /// <param name="error"><see cref="Errno.None"/>, also at the end of the file; otherwise why reading
    /// stopped.</param>
    /// <returns>The bytes read; fewer than asked for at the end of the file or at an error.</returns>
    public int Read(FileOffset offset, Span<byte> destination, out Errno error)
    {
        error = Errno.None;
        int done = 0;
        while (done < destination.Length)
        {
            ulong position = unchecked(offset.Value + (ulong)done);
            if (position < offset.Value || position > _end)
            {
                break;
            }

            Span<byte> rest = destination[done..];
            int copied = _isCached && rest.Length >= Pfn.PageSize ? 0 : CopyFromWindow(position, rest);
            if (copied == 0)
            {
                copied = ReadDirectly(position, rest, out error);
                if (copied <= 0)
                {
                    break;
                }
            }

            done += copied;
        }

        return done;
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> View(FileOffset offset, int length)
    {
        if (offset.Value > _end)
        {
            return default;
        }

        ulong start = offset.Value & ~(ulong)(WindowSize - 1);
        ReadOnlySpan<byte> window = FindOrMap(start).Bytes;
        int within = (int)(offset.Value - start);
        return within >= window.Length ? default : window.Slice(within, Math.Min(length, window.Length - within));
    }

    /// <inheritdoc/>
    public IRandomAccessFile TryShare(bool isScattered = false) =>
        new MappedFile(Path, _file, Length, ownsFile: false) { _isScattered = isScattered };

    /// <summary>Unmaps the windows and closes the file.</summary>
    public void Dispose()
    {
        foreach (Window window in _windows)
        {
            window.Release();
        }

        if (_ownsFile)
        {
            _file.Dispose();
        }
    }

    private int CopyFromWindow(ulong position, Span<byte> destination)
    {
        ReadOnlySpan<byte> view = View(new FileOffset(position), destination.Length);
        view.CopyTo(destination);
        return view.Length;
    }

    private Window FindOrMap(ulong start)
    {
        _clock++;
        Window oldest = _windows[0];
        foreach (Window window in _windows)
        {
            if (window.IsUsed && window.Start == start)
            {
                window.LastUse = _clock;
                return window;
            }

            if (window.LastUse < oldest.LastUse)
            {
                oldest = window;
            }
        }

        oldest.Release();
        oldest.IsUsed = true;
        oldest.Start = start;
        oldest.LastUse = _clock;
        if (Length is { } length && start < length.Value)
        {
            oldest.Map(_file, Math.Min(WindowSize, length.Value - start), _mayLackPages, _isScattered);
        }

        return oldest;
    }

    private static unsafe long FileSystemOf(SafeFileHandle file)
    {
        // Safety: the buffer is as large as the kernel's structure of this machine.
        long* facts = stackalloc long[LibcFile.StatfsSize / sizeof(long)];
        return LibcFile.StatFileSystem(file, facts) == 0 ? *facts : 0;
    }

    private unsafe int ReadDirectly(ulong position, Span<byte> destination, out Errno error)
    {
        // Where bytes are mapped, up to the window's end only: what follows may be mapped again.
        ulong windowEnd = (position | (WindowSize - 1)) + 1;
        int count = _isCached ? destination.Length : (int)Math.Min((ulong)destination.Length, windowEnd - position);

        // Safety: the span is pinned for the call, and count is at most its length.
        fixed (byte* target = destination)
        {
            while (true)
            {
                nint read = LibcFile.ReadAt(_file, target, (nuint)count, (long)position);
                error = read < 0 ? LibcFile.LastError() : Errno.None;
                if (error != Errno.EINTR)
                {
                    return (int)read;
                }
            }
        }
    }

    /// <summary>One mapped piece; a piece that could not be mapped has no length.</summary>
    private sealed class Window
    {
        internal bool IsUsed { get; set; }

        internal ulong Start { get; set; }

        internal long LastUse { get; set; }

        private ulong Length { get; set; }

        private unsafe byte* Address { get; set; }

        /// <summary>The mapped bytes; gone with the next <see cref="Release"/>.</summary>
        // Safety: Length is what is mapped at Address, at most WindowSize.
        internal unsafe ReadOnlySpan<byte> Bytes => new(Address, (int)Length);

        internal unsafe void Map(SafeFileHandle file, ulong length, bool fillsAhead, bool isScattered)
        {
            // Safety: a new private read-only mapping, at a place the kernel picks, released by Release().
            void* address = LibcFile.Map(
                null, (nuint)length, LibcFile.ProtectionRead, LibcFile.MapPrivate, file, (long)Start);
            if ((nint)address != -1)
            {
                Address = (byte*)address;
                Length = length;

                // Safety: of both calls, exactly what was mapped above.
                if (isScattered)
                {
                    _ = LibcFile.Advise(address, (nuint)length, LibcFile.Random);
                }

                if (fillsAhead && LibcFile.Advise(address, (nuint)length, LibcFile.PopulateRead) != 0)
                {
                    Release();
                    IsUsed = true;
                }
            }
        }

        internal unsafe void Release()
        {
            if (Length > 0)
            {
                // Safety: exactly what Map() mapped; nothing refers to it any more.
                _ = LibcFile.Unmap(Address, (nuint)Length);
            }

            Length = 0;
            Address = null;
            IsUsed = false;
        }
    }
}
