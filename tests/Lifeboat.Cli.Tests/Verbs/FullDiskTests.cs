using Lifeboat.Cli.Tests.TestSupport;
using Lifeboat.TestSupport;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Cli.Tests.Verbs;

/// <summary>A disk that is really full: a filesystem of a few MiB in a mount namespace of the test's own.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _dump;

    // 4 MiB of free pages that do not pack: too much for 2 MiB, and without them there is little.
    public FullDiskTests()
    {
        FakeKernel kernel = CrashedMachine.Create().WithMemoryMap();
        kernel.SetPage(0x400, type: -129, privateData: 10);
        byte[] noise = new byte[4 << 20];
        new Random(5).NextBytes(noise);
        kernel.Memory.Write(0x40_0000, noise);
        _dump = _folder.Write("vmcore", CoreFile.Of(kernel));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Stopping_keeps_what_fits_which_opens_and_says_that_it_is_incomplete()
    {
        ToolRun run = OnSmallDisk("filter \"$DUMP\" out --level 0 --compress none; echo code $?; lifeboat info out");
        Assert.Contains("code 5", run.Output, StringComparison.Ordinal);
        Assert.Contains("INCOMPLETE", run.Output, StringComparison.Ordinal);
        Assert.Contains("Linux 6.1.0-fake", run.Output, StringComparison.Ordinal);
        Assert.Contains("ENOSPC", run.Error, StringComparison.Ordinal);
        Assert.Contains("kept what was written", run.Error, StringComparison.Ordinal);
        Assert.Contains("--on-full raise", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kdump")]
    [InlineData("elf")]
    public void Raising_goes_on_until_it_fits(string format)
    {
        ToolRun run = OnSmallDisk(
            $"filter \"$DUMP\" out --level 0 --compress none --format {format} --on-full raise; echo code $?; lifeboat verify out");
        Assert.Contains("code 0", run.Output, StringComparison.Ordinal);
        Assert.Contains("level 17 (raised: at level 0 it did not fit)", run.Output, StringComparison.Ordinal);
        Assert.Contains("out: sound", run.Output, StringComparison.Ordinal);
        Assert.Contains("ENOSPC", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_are_raised_together()
    {
        ToolRun run = OnSmallDisk(
            "filter \"$DUMP\" out --level 0 --compress none --split 2 --on-full raise; echo code $?; lifeboat verify out.1 out.2");
        Assert.Contains("code 0", run.Output, StringComparison.Ordinal);
        Assert.Contains("out.1 out.2: sound", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flattened_file_tells_what_is_kept_too()
    {
        ToolRun run = OnSmallDisk(
            "filter \"$DUMP\" out --level 0 --compress none --format flattened; echo code $?; lifeboat info out");
        Assert.Contains("code 5", run.Output, StringComparison.Ordinal);
        Assert.Contains("INCOMPLETE", run.Output, StringComparison.Ordinal);
        Assert.Contains("kept what was written", run.Error, StringComparison.Ordinal);
    }

    private ToolRun OnSmallDisk(string commands)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "mounting takes root");
        string disk = Directory.CreateDirectory(_folder.Combine("disk")).FullName;
        _ = ProgramLink.Create(_folder.Path, "lifeboat");
        string line = $"mount -t tmpfs -o size=2m none '{disk}' && cd '{disk}' || {{ echo no mount; exit 77; }}; "
            + $"PATH='{_folder.Path}':$PATH DUMP='{_dump}'; lifeboat {commands}";
        ToolRun run = ToolRun.Of(_folder.Path, "unshare", "-m", "sh", "-c", line);
        Assert.SkipWhen(run.Code == 77 || run.Error.Contains("unshare failed", StringComparison.Ordinal), $"no mounts here: {run.Error}");
        return run;
    }
}
