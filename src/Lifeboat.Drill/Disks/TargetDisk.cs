using Lifeboat.Core.Memory;
using Lifeboat.Drill.Tools;

namespace Lifeboat.Drill.Disks;

/// <summary>The disk image that the guest saves its dump to: ext4, sparse, found by its filesystem's UUID.</summary>
internal sealed class TargetDisk
{
    private readonly string? _searchPath;

    private TargetDisk(string path, Guid uuid, string? searchPath)
    {
        Path = path;
        Uuid = uuid;
        _searchPath = searchPath;
    }

    /// <summary>The image file.</summary>
    public string Path { get; }

    /// <summary>The UUID of the filesystem.</summary>
    public Guid Uuid { get; }

    /// <summary>Makes an image with an empty filesystem.</summary>
    public static TargetDisk Create(string path, ByteCount size, string? searchPath, CancellationToken cancellation)
    {
        using (FileStream file = File.Create(path))
        {
            file.SetLength((long)size.Value);
        }

        var uuid = Guid.NewGuid();
        string mkfs = Tool.Require("mkfs.ext4", "e2fsprogs", searchPath);
        Tool.RunOrFail(mkfs, ["-q", "-F", "-m", "0", "-U", uuid.ToString(), path], cancellation);
        return new TargetDisk(path, uuid, searchPath);
    }

    /// <summary>Copies a file out of the image.</summary>
    /// <param name="file">A path in the filesystem.</param>
    /// <param name="destination">The file of the host that gets the copy.</param>
    /// <param name="cancellation">Ends the copy.</param>
    /// <returns>Whether there is such a file.</returns>
    public bool TryExtractFile(string file, string destination, CancellationToken cancellation)
    {
        Debugfs($"dump {Quote(file)} {Quote(destination)}", cancellation);
        return File.Exists(destination);
    }

    /// <summary>Copies a folder of the filesystem out of the image.</summary>
    /// <param name="folder">A path in the filesystem, <c>/crash</c>.</param>
    /// <param name="destination">An existing folder of the host that gets the copy.</param>
    /// <param name="cancellation">Ends the copy.</param>
    /// <returns>Whether there is such a folder.</returns>
    public bool TryExtract(string folder, string destination, CancellationToken cancellation)
    {
        Debugfs($"rdump {Quote(folder)} {Quote(destination)}", cancellation);
        return Directory.Exists(System.IO.Path.Combine(destination, System.IO.Path.GetFileName(folder)));
    }

    /// <summary>
    /// Writes what the journal holds into the filesystem: a guest that died did not, and debugfs reads it as it lies.
    /// </summary>
    public void ReplayJournal(CancellationToken cancellation) => Tool.Run(
        Tool.Require("e2fsck", "e2fsprogs", _searchPath), ["-p", "-E", "journal_only", Path], cancellation);

    // debugfs parts its arguments at blanks, but for those in quotes; two quotes are one quote of an argument.
    private static string Quote(string path) => $"\"{path.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private void Debugfs(string command, CancellationToken cancellation) => Tool.RunOrFail(
        Tool.Require("debugfs", "e2fsprogs", _searchPath), ["-R", command, Path], cancellation);
}
