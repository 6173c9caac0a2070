namespace Lifeboat.Capture.Ramdisk;

/// <summary>A file that goes into a ramdisk.</summary>
public sealed record RamdiskFile
{
    private readonly ReadOnlyMemory<byte> _content;
    private readonly string? _hostPath;

    private RamdiskFile(string path, ReadOnlyMemory<byte> content, string? hostPath, int permissions)
    {
        if (path.Length < 2 || path[0] != '/' || path.Split('/').Any(part => part is "." or "..") || path[^1] == '/')
        {
            throw new ArgumentException($"'{path}' is no absolute path of a file", nameof(path));
        }

        Path = path;
        _content = content;
        _hostPath = hostPath;
        Permissions = permissions;
    }

    /// <summary>Where it lies in the ramdisk, an absolute path.</summary>
    public string Path { get; }

    /// <summary>Where it leads, of a symbolic link; null for a file.</summary>
    public string? LinkTarget { get; private init; }

    /// <summary>Its permissions.</summary>
    public int Permissions { get; }

    /// <summary>A file with the given bytes.</summary>
    /// <exception cref="ArgumentException">The path is not absolute.</exception>
    public static RamdiskFile FromBytes(string path, ReadOnlyMemory<byte> content, int permissions = 0x1A4) =>
        new(path, content, null, permissions);

    /// <summary>A copy of a file of this machine, read when the ramdisk is built.</summary>
    /// <exception cref="ArgumentException">The path is not absolute.</exception>
    public static RamdiskFile FromHost(string path, string hostPath, int permissions = 0x1A4) =>
        new(path, default, hostPath, permissions);

    /// <summary>A symbolic link. One at the top that leads to a folder (<c>/lib</c> to <c>usr/lib</c>) moves what else lies below it.</summary>
    /// <exception cref="ArgumentException">The path is not absolute.</exception>
    public static RamdiskFile FromLink(string path, string target) => new(path, default, null, 0x1FF) { LinkTarget = target };

    /// <summary>Its bytes.</summary>
    /// <exception cref="IOException">The file of this machine cannot be read.</exception>
    public ReadOnlyMemory<byte> ReadContent() => _hostPath is null ? _content : File.ReadAllBytes(_hostPath);
}
