using System.Text.Json;
using Lifeboat.Capture.Tests.Ramdisk;
using Lifeboat.Cli.Tests.TestSupport;
using Lifeboat.TestSupport;

namespace Lifeboat.Cli.Tests.Verbs;

[Collection(ConsoleCollection.Name)]
public sealed class RamdiskVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_in_a_ramdisk_is_listed()
    {
        CommandRun run = CommandRun.Of("ramdisk", "list", Ramdisk());
        Assert.Equal((0, ""), (run.Code, run.Error));
        Golden.Matches("ramdisk-list.txt", run.Output.Replace(_folder.Path, "FOLDER", StringComparison.Ordinal));
    }

    [Fact]
    public void For_machines_the_list_is_a_document()
    {
        CommandRun run = CommandRun.Of("ramdisk", "list", Ramdisk(), "--json");
        using var document = JsonDocument.Parse(run.Output);
        Assert.Equal(TestRamdisk.Release, document.RootElement.GetProperty("kernelRelease").GetString());
        Assert.Equal(TestRamdisk.Settings, document.RootElement.GetProperty("settings").GetString());
        Assert.Equal(2, document.RootElement.GetProperty("modules").GetArrayLength());
        Assert.Equal(5, document.RootElement.GetProperty("files").GetArrayLength());
    }

    [Fact]
    public void A_ramdisk_for_another_kernel_and_machine_is_exit_code_4()
    {
        CommandRun run = CommandRun.Of("ramdisk", "check", Ramdisk(), "--release", "6.12.0-test", "--json");
        Assert.Equal((4, ""), (run.Code, run.Error));
        using var document = JsonDocument.Parse(run.Output);
        List<string> found = [.. document.RootElement.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("what").GetString()!)];
        Assert.Contains("The module ext4 is for another kernel, which refuses it", found);
        Assert.Contains("The target is not on this machine", found);
        Assert.Contains("The program in the ramdisk is another one than this", found);
    }

    [Theory]
    [InlineData(4, "list", "/dev/null")]
    [InlineData(1, "check", "/nonexistent")]
    [InlineData(2, "list")]
    public void What_cannot_be_done_has_its_exit_code(int code, params string[] arguments) =>
        Assert.Equal(code, CommandRun.Of(["ramdisk", .. arguments]).Code);

    [Fact]
    public void Without_a_command_it_says_which_there_are()
    {
        CommandRun run = CommandRun.Of("ramdisk");
        Assert.Equal(2, run.Code);
        Assert.Contains("build, check or list", run.Error, StringComparison.Ordinal);
    }

    private string Ramdisk()
    {
        using var ramdisk = new TestRamdisk();
        string path = Path.Combine(_folder.Path, "capture.img");
        File.WriteAllBytes(path, ramdisk.Build());
        return path;
    }
}
