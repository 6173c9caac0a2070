using System.Text.Json;
using Lifeboat.Cli.Tests.TestSupport;
using Lifeboat.TestSupport;

namespace Lifeboat.Cli.Tests.Verbs;

/// <summary>Verbs that look at this machine: only what changes nothing on it.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class MachineVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_status_of_any_machine_is_armed_or_not()
    {
        CommandRun run = CommandRun.Of("status");
        Assert.True(run.Code is 0 or 3, run.Error);
        Assert.NotEmpty(run.Output);
        CommandRun json = CommandRun.Of("status", "--json");
        Assert.Equal(run.Code, json.Code);
        using var document = JsonDocument.Parse(json.Output);
        Assert.Equal(JsonValueKind.Object, document.RootElement.ValueKind);
    }

    [Fact]
    public void A_dry_run_with_a_file_that_is_no_kernel_is_exit_code_4()
    {
        CommandRun run = CommandRun.Of("arm", "--dry-run", _folder.Write("vmlinuz", "this is no kernel"));
        Assert.Equal((4, ""), (run.Code, run.Output));
        Assert.StartsWith("lifeboat: LB4", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dry_run_with_a_missing_file_says_so()
    {
        CommandRun run = CommandRun.Of("arm", "--dry-run", _folder.Combine("none"));

        // 4 where this user may not see the machine's memory map, which is read first.
        Assert.True(run.Code is 1 or 4, run.Error);
        Assert.Equal("", run.Output);
    }

    [Fact]
    public void Another_machine_is_for_dry_runs_only()
    {
        CommandRun run = CommandRun.Of("arm", "--machine", _folder.Combine("web1"), "vmlinuz");
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains("--dry-run", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_description_that_is_no_archive_is_exit_code_4()
    {
        CommandRun run = CommandRun.Of("arm", "--dry-run", "--machine", _folder.Write("web1", "this is no archive"), "vmlinuz");
        Assert.Equal((4, ""), (run.Code, run.Output));
        Assert.Contains("web1", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void This_machine_is_saved_or_the_reason_told()
    {
        string path = _folder.Combine("here");
        CommandRun run = CommandRun.Of("describe", "--output", path);

        // 4 where this user may not see the machine's memory map.
        Assert.True(run.Code is 0 or 4, run.Error);
        Assert.Equal(run.Code == 0, File.Exists(path));
        if (run.Code == 0)
        {
            CommandRun plan = CommandRun.Of("arm", "--dry-run", "--machine", path, _folder.Write("vmlinuz", "this is no kernel"));
            Assert.Equal(4, plan.Code);
        }
    }

    [Fact]
    public void The_boot_loader_s_entries_of_any_machine_are_listed_or_what_is_missing_is_told()
    {
        CommandRun run = CommandRun.Of("boot", "--list");
        Assert.True(run.Code is 0 or 4, run.Error);
        CommandRun json = CommandRun.Of("boot", "--list", "--json");
        Assert.Equal(run.Code, json.Code);
        using var document = JsonDocument.Parse(json.Output);
        Assert.Equal(JsonValueKind.Array, document.RootElement.GetProperty("entries").ValueKind);
    }

    [Theory]
    [InlineData("--same", "vmlinuz")]
    [InlineData("--same", "--command-line", "x")]
    [InlineData("--same", "--initrd", "x")]
    [InlineData("--list", "--now")]
    [InlineData("--list", "--same")]
    public void What_the_boot_loader_decides_is_not_given_besides(params string[] arguments)
    {
        CommandRun run = CommandRun.Of(["boot", .. arguments]);
        Assert.Equal((2, ""), (run.Code, run.Output));
    }

    [Fact]
    public void A_drill_with_a_missing_kernel_ends_with_the_stage_s_number()
    {
        CommandRun run = CommandRun.Of("drill", "--json", "--disk", "64M", "--kernel", _folder.Combine("none"));

        // 10 where this machine has no QEMU.
        Assert.True(run.Code is 10 or 11, run.Error);
        using var document = JsonDocument.Parse(run.Output);
        Assert.Equal(run.Code, document.RootElement.GetProperty("exitCode").GetInt32());
    }
}
