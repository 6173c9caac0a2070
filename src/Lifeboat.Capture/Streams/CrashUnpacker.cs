using Lifeboat.Capture.Interop;
using Lifeboat.Capture.Manifest;
using Lifeboat.Capture.Targets;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Hashing;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Flattened;

namespace Lifeboat.Capture.Streams;

/// <summary>
/// Lays the files of a crash stream down in a dump's folder, each durable: a flattened dump as the file that it stands for, the
/// manifest with the sizes and hashes that follow from that.
/// </summary>
/// <remarks>
/// A file that is not whole is kept unless there is a whole one of its name. A file that came before is replaced.
/// </remarks>
public sealed class CrashUnpacker
{
    private const string BesideSuffix = ".new";
    private const int RoomForManifest = 1 << 20;
    private const int MaxManifestBytes = 4 << 20;
    private const long BetweenLooks = 1 << 20;

    // Log and report are worth more than the room they take.
    private const long SmallFile = 16 << 20;

    private readonly DumpFolder _folder;
    private readonly UnpackOptions _options;
    private readonly List<UnpackedFile> _files = [];
    private ArrivingFileStream? _open;
    private long _lookedAt;

    /// <summary>Lays files down in a folder.</summary>
    public CrashUnpacker(DumpFolder folder, UnpackOptions options)
    {
        _folder = folder;
        _options = options;
    }

    /// <summary>The files laid down, in the order they came.</summary>
    public IReadOnlyList<UnpackedFile> Files => _files;

    /// <summary>Told of each file when it is durable, or has failed.</summary>
    public Action<UnpackedFile>? Stored { get; init; }

    /// <summary>Told how many bytes were read.</summary>
    public Action<long>? Progress { get; init; }

    // What makedumpfile -F begins a dump with.
    private static ReadOnlySpan<byte> Flattened => "makedumpfile\0"u8;

    /// <summary>Reads a stream to its end, as far as it can be read.</summary>
    /// <returns>Whether everything was there and is kept.</returns>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; what came until then is kept.</exception>
    public bool Run(CrashStreamReader reader, CancellationToken cancellationToken = default)
    {
        reader.Progress = bytes =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            Progress?.Invoke(bytes);
            Look(bytes);
        };
        bool isWhole = true;
        while (reader.NextFile() is { } file)
        {
            UnpackedFile stored = Take(file);
            _files.Add(stored);
            isWhole &= stored.Problem is null;
            Stored?.Invoke(stored);
        }

        return isWhole && reader.IsComplete == true;
    }

    /// <summary>Makes the manifest say why not everything came, if it says that everything was saved.</summary>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    public void MarkIncomplete(string problem)
    {
        string path = _folder.Combine(CaptureManifest.FileName);
        if (File.Exists(path))
        {
            byte[] before = File.ReadAllBytes(path);
            byte[] after = ArrivedManifest.Update(before, _files, problem);
            if (after != before)
            {
                _ = Write(path + BesideSuffix, new MemoryStream(after));
                Keep(path);
            }
        }
    }

    /// <summary>Gives files that a process which was killed had begun their names, unless there are whole ones.</summary>
    internal static void KeepRemains(string folder)
    {
        foreach (string path in Directory.GetFiles(folder, "*" + BesideSuffix))
        {
            string name = path[..^BesideSuffix.Length];
            if (File.Exists(name))
            {
                File.Delete(path);
            }
            else
            {
                File.Move(path, name);
            }
        }
    }

    private UnpackedFile Take(ArrivingFileStream file)
    {
        bool isDump = _options.Rearrange && file.Name == CrashFileName.FlattenedDump && file.Peek().StartsWith(Flattened);
        string name = isDump ? CrashFileName.Dump : file.Name;
        string path = _folder.Combine(name);
        string? problem = null;
        string? digest = null;
        long written = 0;
        _open = file;
        try
        {
            if (isDump)
            {
                problem = Rearrange(file, path + BesideSuffix);
            }
            else
            {
                using Stream content = file.Name == CaptureManifest.FileName ? ReadManifest(file) : file;
                (written, digest) = Write(path + BesideSuffix, content);
            }

            if (problem is null)
            {
                file.Drain();
                problem = ProblemOf(file.State);
            }
        }
        catch (Exception error) when (error is IOException or KernelInterfaceException or UnauthorizedAccessException)
        {
            // What is left of it is read over when the next one is asked for; whoever sends it is told before.
            problem = CaptureRun.Words(error);
            if (isDump && ErrnoOf(error) is Errno.ENOSPC or Errno.EDQUOT)
            {
                CutEnd(path + BesideSuffix);
            }
        }

        _open = null;
        try
        {
            if (problem is null && isDump)
            {
                using FileStream dump = File.OpenRead(path + BesideSuffix);
                (written, digest) = (dump.Length, DurableFile.HashAndFlush(dump));
            }

            return Finish(file.Name, name, problem, written, digest);
        }
        catch (Exception error) when (error is IOException or KernelInterfaceException or UnauthorizedAccessException)
        {
            return new UnpackedFile(file.Name, name) { Problem = problem ?? CaptureRun.Words(error) };
        }
    }

    private UnpackedFile Finish(string name, string storedAs, string? problem, long written, string? digest)
    {
        string path = _folder.Combine(storedAs);
        if (problem is not null && File.Exists(path))
        {
            File.Delete(path + BesideSuffix);
            return new UnpackedFile(name, storedAs) { Problem = $"{problem}; the one that came before is kept" };
        }

        if (problem is not null)
        {
            written = File.Exists(path + BesideSuffix) ? new FileInfo(path + BesideSuffix).Length : 0;
            if (written == 0)
            {
                File.Delete(path + BesideSuffix);
                return new UnpackedFile(name, storedAs) { Problem = problem };
            }
        }

        Keep(path);
        return new UnpackedFile(name, storedAs) { Bytes = written, Sha256 = problem is null ? digest : null, Problem = problem };
    }

    private MemoryStream ReadManifest(ArrivingFileStream file)
    {
        byte[] bytes = new byte[MaxManifestBytes];
        int read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (!file.Peek().IsEmpty)
        {
            throw new IOException($"the manifest has more than {MaxManifestBytes} bytes");
        }

        return new MemoryStream(file.State == CrashFileState.Whole ? ArrivedManifest.Update(bytes[..read], _files, null) : bytes[..read]);
    }

    private static string? Rearrange(ArrivingFileStream file, string path)
    {
        try
        {
            _ = FlattenedDump.Rearrange(file, path);
            return null;
        }
        catch (DumpFormatException error)
        {
            return file.State is CrashFileState.Open or CrashFileState.Whole ? CaptureRun.Words(error) : ProblemOf(file.State);
        }
    }

    private static (long Bytes, string Digest) Write(string path, Stream content)
    {
        using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            BufferSize = 0,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        var hash = new Sha256();
        byte[] buffer = new byte[1 << 17];
        long length = 0;
        for (int read; (read = content.Read(buffer)) > 0; length += read)
        {
            hash.Append(buffer.AsSpan(0, read));
            file.Write(buffer.AsSpan(0, read));
        }

        DurableFile.Flush(file);
        return (length, Convert.ToHexStringLower(hash.Finish()));
    }

    // A manifest that says how far the dump goes is worth more than its end.
    private static void CutEnd(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write);
        file.SetLength(Math.Max(0, file.Length - RoomForManifest));
    }

    private static Errno ErrnoOf(Exception error) =>
        error is KernelInterfaceException refusal ? refusal.Errno : (Errno)error.HResult;

    private void Keep(string path)
    {
        File.Move(path + BesideSuffix, path, overwrite: true);
        _folder.Sync();
    }

    // Only while a file is written: what is read over afterwards takes no room.
    private void Look(long bytes)
    {
        if (_open is null || bytes - _lookedAt < BetweenLooks)
        {
            return;
        }

        _lookedAt = bytes;
        if ((ulong)bytes > _options.MaxBytes.Value)
        {
            throw new IOException($"the crash is larger than {_options.MaxBytes}, the most that is taken");
        }

        if (_open.Bytes > SmallFile && LibC.FreeBytes(_folder.Path) is { } free && free < _options.KeepFree.Value)
        {
            throw new IOException($"{new ByteCount(free)} are free, and {_options.KeepFree} must remain");
        }
    }

    private static string? ProblemOf(CrashFileState state) => state switch
    {
        CrashFileState.Whole => null,
        CrashFileState.GivenUp => "whoever wrote it gave it up",
        CrashFileState.Damaged => "its SHA-256 is not the one that it was written with",
        _ => "what was written ends within it",
    };
}
