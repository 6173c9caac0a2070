namespace Lifeboat.Machine.Tests.Faults;

/// <summary>An image of an ext4 filesystem, looked at and changed from outside.</summary>
internal sealed class DiskImage(string path)
{
    private const string Owner = "/crash";

    internal string Path { get; } = path;

    /// <summary>Makes an empty one.</summary>
    internal static DiskImage Create(string path, long size, Guid uuid)
    {
        using (FileStream file = File.Create(path))
        {
            file.SetLength(size);
        }

        TestMachine.RunOracle("mkfs.ext4", "-q", "-F", "-m", "0", "-U", uuid.ToString(), path);
        return new DiskImage(path);
    }

    /// <summary>Puts files of the host into a folder of the folder of all dumps.</summary>
    internal void Add(string folder, params IReadOnlyList<string> files)
    {
        Debugfs($"mkdir {Owner}");
        Debugfs($"mkdir {Owner}/{folder}");
        foreach (string file in files)
        {
            Debugfs($"write {file} {Owner}/{folder}/{System.IO.Path.GetFileName(file)}");
        }
    }

    /// <summary>Fills it with a file, so that about so many bytes are left for others.</summary>
    internal void Fill(long left)
    {
        string[] lines = TestMachine.RunOracle("dumpe2fs", "-h", Path).Split('\n');
        long blocks = Number(lines, "Block count:");
        long size = Number(lines, "Block size:");

        // A mounted filesystem keeps a fiftieth back for itself; the file's own extents take a few blocks.
        long filler = Number(lines, "Free blocks:") - (blocks / 50) - (left / size);
        string content = Path + ".filler";
        byte[] bytes = new byte[filler * size];
        Array.Fill(bytes, (byte)'.');
        File.WriteAllBytes(content, bytes);
        Debugfs($"write {content} /filler");
    }

    /// <summary>Whether the journal holds what the filesystem has not: nobody unmounted it.</summary>
    internal bool IsDirty => TestMachine.RunOracle("dumpe2fs", "-h", Path).Contains("needs_recovery", StringComparison.Ordinal);

    /// <summary>Writes the journal into the filesystem, as the next mount would, and takes all dumps out, each a folder.</summary>
    internal string TakeOut(string folder)
    {
        ProgramResult replay = TestMachine.Run(TestMachine.Oracle("e2fsck"), ["-p", "-E", "journal_only", Path]);
        Assert.True(replay.ExitCode is 0 or 1, replay.Output + replay.Error);
        ProgramResult check = TestMachine.Run(TestMachine.Oracle("e2fsck"), ["-f", "-n", Path]);
        Assert.True(check.ExitCode == 0, $"the filesystem is damaged:\n{check.Output}{check.Error}");
        Directory.CreateDirectory(folder);
        TestMachine.RunOracle("debugfs", "-R", $"rdump {Owner} {folder}", Path);
        return folder + Owner;
    }

    private static long Number(string[] lines, string name) => long.Parse(
        lines.Single(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..], System.Globalization.CultureInfo.InvariantCulture);

    private void Debugfs(string command) => TestMachine.RunOracle("debugfs", "-w", "-R", command, Path);
}
