using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux.Interop;

namespace Lifeboat.Core.Linux;

/// <summary>
/// A file that takes its name only when all of it is on stable storage: written beside it under another name, synced,
/// renamed. Whoever finds the name finds the whole file. Readable by its owner only.
/// </summary>
/// <remarks><para><b>Ownership.</b> Disposed without <see cref="Commit"/>, it leaves nothing.</para></remarks>
public sealed class PendingFile : IDisposable
{
    private readonly string _path;
    private readonly string _beside;
    private readonly bool _mayReplace;
    private bool _isCommitted;

    private PendingFile(string path, string beside, bool mayReplace, FileStream stream)
    {
        _path = path;
        _beside = beside;
        _mayReplace = mayReplace;
        Stream = stream;
    }

    /// <summary>Takes the content; not buffered, to be written in large pieces.</summary>
    public FileStream Stream { get; }

    /// <summary>Begins a file.</summary>
    /// <param name="path">The name that it is to have; where that is a link, the name that it leads to.</param>
    /// <param name="mayReplace">Whether it may take the place of a file of this name.</param>
    /// <exception cref="IOException">It is there already, or is no ordinary file, or cannot be created.</exception>
    public static PendingFile Create(string path, bool mayReplace)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        path = new FileInfo(path) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName : path;
        RefuseToReplace(path, mayReplace);
        string beside = $"{path}.{Environment.ProcessId}.partial";
        return new PendingFile(path, beside, mayReplace, new FileStream(beside, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            BufferSize = 0,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }));
    }

    /// <summary>Puts all on stable storage and gives the file its name.</summary>
    /// <exception cref="IOException">That failed: there is no file of this name, or the one that was there before.</exception>
    /// <exception cref="KernelInterfaceException">The folder could not be synced; the file is there.</exception>
    public void Commit()
    {
        RandomAccess.FlushToDisk(Stream.SafeFileHandle);
        Stream.Dispose();
        RefuseToReplace(_path, _mayReplace);
        File.Move(_beside, _path, _mayReplace);
        _isCommitted = true;
        FolderSync.Run(Path.GetDirectoryName(Path.GetFullPath(_path)) ?? "/");
    }

    /// <summary>Closes the file, and removes it unless it has its name.</summary>
    public void Dispose()
    {
        Stream.Dispose();
        if (!_isCommitted)
        {
            File.Delete(_beside);
        }
    }

    private static void RefuseToReplace(string path, bool mayReplace)
    {
        bool? isOrdinary = LibcFile.IsOrdinaryFile(path);
        if (isOrdinary == false)
        {
            throw new IOException($"{path} is no ordinary file: it cannot be written beside and renamed");
        }

        if (isOrdinary == true && !mayReplace)
        {
            throw new IOException($"{path} is there already, and is left as it is");
        }
    }
}
