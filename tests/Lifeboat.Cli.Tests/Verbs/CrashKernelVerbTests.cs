using System.Text.Json;
using Lifeboat.Cli.Tests.TestSupport;
using Lifeboat.TestSupport;

namespace Lifeboat.Cli.Tests.Verbs;

[Collection(ConsoleCollection.Name)]
public sealed class CrashKernelVerbTests
{
    private static readonly string[] Several = ["1G,high", "crashkernel=128M,low", "512M,cma", "--memory", "512G"];

    [Fact]
    public void What_a_crashkernel_means_on_another_machine_reads_as_agreed()
    {
        CommandRun run = CommandRun.Of("crashkernel", "explain", "1G-2G:128M,2G-64G:256M,63G-:512M@20M", "--memory", "65400M");
        Assert.Equal((0, ""), (run.Code, run.Error));
        Golden.Matches("crashkernel-explain.txt", run.Output);
    }

    [Fact]
    public void Several_are_read_together()
    {
        CommandRun run = CommandRun.Of(["crashkernel", "explain", .. Several]);
        Assert.Equal((0, ""), (run.Code, run.Error));
        Golden.Matches("crashkernel-explain-several.txt", run.Output);
    }

    [Fact]
    public void The_document_has_what_the_text_has()
    {
        CommandRun run = CommandRun.Of(["crashkernel", "explain", .. Several, "--json"]);
        Assert.Equal((0, ""), (run.Code, run.Error));
        Golden.Matches("crashkernel-explain.json", run.Output);
    }

    [Fact]
    public void A_crashkernel_that_reserves_nothing_is_exit_code_4()
    {
        CommandRun run = CommandRun.Of("crashkernel", "explain", "auto", "--memory", "4G");
        Assert.Equal((4, ""), (run.Code, run.Error));
        Assert.Contains("Nothing is reserved: a size such as 256M is expected", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_reserved_on_any_machine_is_told()
    {
        CommandRun run = CommandRun.Of("crashkernel");
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("  reserved ", run.Output, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(CommandRun.Of("crashkernel", "--json").Output);
        Assert.Equal(1, document.RootElement.GetProperty("schema").GetInt32());
    }

    [Theory]
    [InlineData("crashkernel", "explain")]
    [InlineData("crashkernel", "explain", "256M", "--memory", "much")]
    [InlineData("crashkernel", "shrink")]
    [InlineData("crashkernel", "shrink", "less")]
    [InlineData("arm", "--call", "kexec")]
    [InlineData("arm", "--refresh", "--dry-run")]
    [InlineData("arm", "--refresh", "vmlinuz")]
    public void A_wrong_command_line_is_exit_code_2(params string[] arguments) =>
        Assert.Equal(2, CommandRun.Of(arguments).Code);
}
