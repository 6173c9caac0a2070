namespace Lifeboat.Machine.Tests.Targets;

/// <summary>An image of a filesystem that its own tools make, check and read; nothing is mounted.</summary>
/// <param name="kind">The kind: xfs, btrfs, vfat.</param>
/// <param name="path">The image.</param>
internal sealed class FileSystemImage(string kind, string path)
{
    private const string Owner = "crash";

    internal string Path { get; } = path;

    /// <summary>Makes an empty one.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="path">The image.</param>
    /// <param name="uuid">Its UUID, of which vfat has the last eight digits.</param>
    internal static FileSystemImage Create(string kind, string path, Guid uuid)
    {
        using (FileStream file = File.Create(path))
        {
            file.SetLength(1L << 30);
        }

        string[] arguments = kind switch
        {
            "xfs" => ["-q", "-m", $"uuid={uuid}", path],
            "btrfs" => ["-q", "-U", uuid.ToString(), path],
            _ => ["-F", "32", "-i", ShortUuid(uuid).Replace("-", "", StringComparison.Ordinal), path],
        };
        TestMachine.RunOracle($"mkfs.{kind}", arguments);
        return new FileSystemImage(kind, path);
    }

    /// <summary>The UUID as settings name the filesystem by it.</summary>
    internal static string UuidOf(string kind, Guid uuid) => kind == "vfat" ? ShortUuid(uuid) : uuid.ToString();

    /// <summary>The filesystem must be sound and nothing of it left to replay; takes all dumps out, each a folder.</summary>
    internal string TakeOut(string folder)
    {
        Directory.CreateDirectory(folder);
        switch (kind)
        {
            case "xfs":
                TestMachine.RunOracle("xfs_repair", "-n", Path);
                new XfsFiles(Path).CopyOut("/" + Owner, System.IO.Path.Combine(folder, Owner));
                break;
            case "btrfs":
                TestMachine.RunOracle("btrfs", "check", "--readonly", Path);
                TestMachine.RunOracle("btrfs", "restore", Path, folder);
                break;
            default:
                TestMachine.RunOracle("fsck.vfat", "-n", Path);
                TestMachine.RunOracle("mcopy", "-s", "-n", "-i", Path, "::/" + Owner, folder);
                break;
        }

        return System.IO.Path.Combine(folder, Owner);
    }

    private static string ShortUuid(Guid uuid)
    {
        string digits = uuid.ToString("N")[^8..].ToUpperInvariant();
        return $"{digits[..4]}-{digits[4..]}";
    }
}
