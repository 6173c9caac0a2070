using Lifeboat.Cli.Tests.TestSupport;

namespace Lifeboat.Cli.Tests;

[Collection(ConsoleCollection.Name)]
public sealed class LifeboatCommandTests
{
    [Theory]
    [InlineData]
    [InlineData("nonsense")]
    [InlineData("--nonsense")]
    [InlineData("inspect")]
    [InlineData("inspect", "")]
    [InlineData("status", "now")]
    [InlineData("disarm", "now")]
    [InlineData("arm", "one", "two")]
    [InlineData("arm", "--ramdisk")]
    [InlineData("arm", "--append", "x", "--command-line", "y")]
    [InlineData("capture")]
    [InlineData("capture", "--target", "/tmp", "--level", "32")]
    [InlineData("capture", "--target", "/tmp", "--level", "all")]
    [InlineData("capture", "--target", "/tmp", "--threads", "0")]
    [InlineData("info")]
    [InlineData("info", "dump", "")]
    [InlineData("verify")]
    [InlineData("filter", "in")]
    [InlineData("filter", "in", "out", "--level", "32")]
    [InlineData("filter", "in", "out", "--compress", "gzip")]
    [InlineData("filter", "in", "out", "--format", "qcow2")]
    [InlineData("filter", "in", "out", "--split", "65")]
    [InlineData("filter", "in", "out", "--split", "2", "--format", "elf")]
    [InlineData("filter", "in", "out", "--compress", "zstd", "--format", "elf")]
    [InlineData("filter", "in", "-")]
    [InlineData("filter", "in", "-", "--format", "flattened", "--json")]
    [InlineData("join", "one")]
    [InlineData("join", "one", "")]
    [InlineData("drill", "--level", "-1")]
    [InlineData("drill", "--level", "all")]
    [InlineData("drill", "--cpus", "0")]
    [InlineData("drill", "--cpus", "many")]
    [InlineData("drill", "--deadline", "0")]
    [InlineData("drill", "--deadline", "99999999999")]
    [InlineData("drill", "--memory")]
    [InlineData("drill", "--memory", "lots")]
    [InlineData("drill", "--memory", "0")]
    [InlineData("drill", "--disk", "15E")]
    [InlineData("drill", "--fault", "99")]
    [InlineData("drill", "--fault", "2")]
    [InlineData("drill", "--fault", "disk-full,missing-module")]
    [InlineData("drill", "--fault", "meteor")]
    public void A_wrong_command_line_is_exit_code_2_with_the_reason_on_standard_error(params string[] arguments)
    {
        CommandRun run = CommandRun.Of(arguments);
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.StartsWith("lifeboat: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("--help", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(" at System.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_to_see_is_the_one_of_the_verb() => Assert.EndsWith(
        $"lifeboat: see lifeboat drill --help{Environment.NewLine}", CommandRun.Of("drill", "--cpus", "0").Error, StringComparison.Ordinal);

    [Fact]
    public void The_version_is_the_one_of_manifests()
    {
        CommandRun run = CommandRun.Of("--version");
        Assert.Equal(0, run.Code);
        Assert.StartsWith(LifeboatCommand.Version, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Exit_codes_are_stable() => Assert.Equal(
        "Success=0 Failure=1 Usage=2 NotArmed=3 BadInput=4 KernelRefused=5 CaptureGap=6 Interrupted=130",
        string.Join(' ', Enum.GetValues<ExitCode>().Select(code => $"{code}={(int)code}")));
}
