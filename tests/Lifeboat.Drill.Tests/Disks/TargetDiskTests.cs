using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Drill.Disks;
using Lifeboat.Drill.Tools;
using Lifeboat.TestSupport;

namespace Lifeboat.Drill.Tests.Disks;

public sealed class TargetDiskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_to_the_disk_comes_out_of_it()
    {
        TargetDisk disk = Create();
        string source = _folder.Write("source", "a dump");
        Debugfs(disk, "mkdir /crash");
        Debugfs(disk, "mkdir /crash/one");
        Debugfs(disk, $"write {source} /crash/one/vmcore");
        disk.ReplayJournal(CancellationToken.None);

        string destination = Directory.CreateDirectory(_folder.Combine("out")).FullName;
        Assert.True(disk.TryExtract("/crash", destination, CancellationToken.None));
        Assert.Equal("a dump", File.ReadAllText(_folder.Combine("out/crash/one/vmcore")));
        Assert.True(disk.TryExtractFile("/crash/one/vmcore", _folder.Combine("copy"), CancellationToken.None));
        Assert.Equal("a dump", File.ReadAllText(_folder.Combine("copy")));
    }

    [Fact]
    public void What_is_not_there_is_said_to_be_missing()
    {
        TargetDisk disk = Create();
        Assert.False(disk.TryExtractFile("/drill/truth.json", _folder.Combine("copy"), CancellationToken.None));
        Assert.False(disk.TryExtract("/crash", _folder.Path, CancellationToken.None));
    }

    [Fact]
    public void The_image_is_sparse_and_carries_the_uuid()
    {
        TargetDisk disk = Create();
        Assert.Equal(64L << 20, new FileInfo(disk.Path).Length);
        ToolResult blkid = Tool.Run(
            Tool.Find("dumpe2fs", null) ?? Skip("dumpe2fs"), ["-h", disk.Path], CancellationToken.None);
        Assert.Contains(disk.Uuid.ToString(), blkid.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Folders_with_blanks_and_quotes_in_their_names_are_fine()
    {
        TargetDisk disk = Create("with blank/target.img");
        string destination = Directory.CreateDirectory(_folder.Combine("out with \"blank\"")).FullName;
        string source = _folder.Write("source", "a dump");
        Debugfs(disk, "mkdir /crash");
        Debugfs(disk, $"write {source} /crash/vmcore");
        Assert.True(disk.TryExtract("/crash", destination, CancellationToken.None));
        Assert.True(
            disk.TryExtractFile("/crash/vmcore", _folder.Combine("out with \"blank\"/copy"), CancellationToken.None));
        Assert.Equal("a dump", File.ReadAllText(_folder.Combine("out with \"blank\"/crash/vmcore")));
    }

    [Fact]
    public void Without_the_tools_the_diagnostic_names_their_package()
    {
        Diagnostic diagnostic = Assert.Single(Assert.Throws<DiagnosticException>(() => TargetDisk.Create(
            _folder.Combine("target.img"), ByteCount.FromMiB(64), "/nonexistent", CancellationToken.None)).Diagnostics);
        Assert.Equal(DrillDiagnostics.ToolMissing, diagnostic.Id);
        Assert.Contains("e2fsprogs", diagnostic.Remedy, StringComparison.Ordinal);
    }

    private TargetDisk Create(string name = "target.img")
    {
        foreach (string tool in (string[])["mkfs.ext4", "debugfs", "e2fsck"])
        {
            _ = Tool.Find(tool, null) ?? Skip(tool);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(_folder.Combine(name))!);
        return TargetDisk.Create(_folder.Combine(name), ByteCount.FromMiB(64), null, CancellationToken.None);
    }

    private static string Skip(string tool)
    {
        Assert.Skip($"{tool} is not installed");
        return tool;
    }

    private static void Debugfs(TargetDisk disk, string command) =>
        Tool.RunOrFail(Tool.Find("debugfs", null)!, ["-w", "-R", command, disk.Path], CancellationToken.None);
}
