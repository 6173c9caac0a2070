using Lifeboat.Drill.Tests.TestSupport;
using Lifeboat.Drill.Tools;
using Lifeboat.TestSupport;

namespace Lifeboat.Drill.Tests;

public sealed class DrillRunnerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_machine_without_qemu_fails_in_the_first_stage_with_what_to_install()
    {
        DrillReport report = Run(TestOptions.Default with { SearchPath = "/nonexistent" });
        Assert.Equal(DrillStage.Prepare, report.Failure?.Stage);
        Assert.Contains("qemu-system-x86_64", report.Failure?.What, StringComparison.Ordinal);
        Assert.Contains("apt-get install", report.Failure?.Hint, StringComparison.Ordinal);
        Assert.Empty(report.Milestones);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_kernel_that_is_none_fails_in_the_stage_of_the_kernel()
    {
        Assert.SkipUnless(Tool.Find("mkfs.ext4", null) is not null, "mkfs.ext4 is not installed");
        string tools = $"{Link("qemu-system-x86_64", "/bin/true")}:/usr/sbin:/sbin";
        string image = _folder.Write("kernel/vmlinuz", "MZ, but no kernel");
        DrillReport report = Run(
            TestOptions.Default with { SearchPath = tools, KernelPath = image, ModulesFolder = _folder.Path });
        Assert.Equal(DrillStage.Kernel, report.Failure?.Stage);
        Assert.Equal(DrillStage.Prepare, Assert.Single(report.Milestones).Stage);
    }

    private string Link(string name, string target)
    {
        string folder = Directory.CreateDirectory(_folder.Combine("tools")).FullName;
        File.CreateSymbolicLink(Path.Combine(folder, name), target);
        return folder;
    }

    private DrillReport Run(DrillOptions options) => DrillRunner.Run(
        options with { TemporaryFolder = _folder.Path }, TimeProvider.System, new EventList(), CancellationToken.None);
}
