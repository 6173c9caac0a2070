using System.Text.Json;
using Lifeboat.Capture.Ramdisk;
using Lifeboat.Cli.Tests.TestSupport;
using Lifeboat.TestSupport;

namespace Lifeboat.Cli.Tests.Verbs;

[Collection(ConsoleCollection.Name)]
public sealed class ConfigVerbTests : IDisposable
{
    private const string Good = """
        # where to
        ext4 UUID=2f5b9c1e-0d3a-4c57-9d0e-3f1f4c6b8a11
        path /dumps    # from its root
        final_action poweroff
        failure_action poweroff
        """;

    private const string Wrong = """
        ext4 /dev/mapper/vg-crash
        dump_level 32
        path /a
        path /b
        fence_kdump_nodes node1
        core_collector cp
        blacklist nouveau
        frobnicate 1
        final_action halt
        """;

    private const string Kdump = """
        # directives of kdump.conf(5), a file of our own
        ext4 /dev/disk/by-label/crash
        path dumps
        core_collector makedumpfile -l --message-level 7 -d 31
        kdump_post /usr/local/sbin/tell-us
        failure_action shell
        force_rebuild 1
        """;

    private const string Debian = """
        USE_KDUMP=1
        KDUMP_COREDIR="/srv/crash"
        MAKEDUMP_ARGS="-z -d 31"
        KDUMP_FAIL_CMD='poweroff -f'
        NFS="$SERVER:/export"
        FTP_PASSWORD=geheim
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_setting_is_shown_with_where_it_comes_from()
    {
        CommandRun run = Run("show", Good);
        Assert.Equal((0, ""), (run.Code, run.Error));
        Golden.Matches("config-show.txt", run.Output);
    }

    [Fact]
    public void A_machine_without_settings_is_shown_the_defaults()
    {
        Assert.SkipWhen(File.Exists(RamdiskLayout.Settings), "this machine has settings");
        CommandRun run = CommandRun.Of("config", "show");
        Assert.Equal(0, run.Code);
        Assert.Contains("none: a crash cannot be saved", run.Output, StringComparison.Ordinal);
        Assert.Contains("these are the defaults", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Shown_for_machines_they_are_the_same()
    {
        CommandRun run = Run("show", "path /x", "--json");
        Assert.Equal((0, ""), (run.Code, run.Error));
        Golden.Matches("config-show.json", run.Output);
    }

    [Fact]
    public void Settings_with_errors_are_not_shown()
    {
        CommandRun run = Run("show", Wrong);
        Assert.Equal((4, ""), (run.Code, run.Output));
        Assert.Contains("FILE:2, found dump_level 32, expected 0 to 31", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_that_is_wrong_is_told_line_by_line()
    {
        CommandRun run = Run("check", Wrong);
        Assert.Equal((4, ""), (run.Code, run.Error));
        Golden.Matches("config-check.txt", run.Output);
    }

    [Fact]
    public void What_is_wrong_is_told_to_machines_too()
    {
        CommandRun run = Run("check", "ext4 /dev/sda1\nvirtiofs x\n", "--json");
        Assert.Equal((4, ""), (run.Code, run.Error));
        Golden.Matches("config-check.json", run.Output);
    }

    [Theory]
    [InlineData("", 0, "FILE: all is well\n")]
    [InlineData("\ncompression none\ndump_level 0", 0, "FILE: 0 errors, 1 warning\n")]
    [InlineData("\nthreads 0", 4, "FILE: 1 error, 0 warnings\n")]
    public void Errors_are_exit_code_4_and_warnings_are_not(string more, int code, string end)
    {
        CommandRun run = Run("check", Good + more);
        Assert.Equal(code, run.Code);
        Assert.EndsWith(end, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_imported_is_a_settings_file_and_what_was_not_is_told()
    {
        CommandRun run = Run("import", Kdump);
        Assert.Equal(0, run.Code);
        Golden.Matches("config-import.txt", run.Output + "-- standard error\n" + run.Error);
        Assert.Equal(0, Run("check", run.Output).Code);
    }

    [Fact]
    public void Imported_for_machines_it_is_one_document()
    {
        CommandRun run = Run("import", Debian, "--from", "debian", "--json");
        Assert.Equal(0, run.Code);
        Golden.Matches("config-import.json", run.Output);
        using var document = JsonDocument.Parse(run.Output);
        Assert.Contains("compression zstd", document.RootElement.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", run.Output + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_nobody_s_settings_is_exit_code_4()
    {
        CommandRun run = Run("import", "hello\n");
        Assert.Equal((4, ""), (run.Code, run.Output));
        Assert.Contains("Say it with --from", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ext4 /dev/dm-3", "numbers its devices anew")]
    [InlineData("ext4 LABEL=crash\nvirtiofs x", "known, but not carried out")]
    public void No_ramdisk_is_built_with_settings_that_would_lose_the_dump(string text, string error)
    {
        string settings = Path.Combine(_folder.Path, "settings");
        string ramdisk = Path.Combine(_folder.Path, "capture.img");
        File.WriteAllText(settings, text);
        CommandRun run = CommandRun.Of("ramdisk", "build", ramdisk, "--settings", settings);
        Assert.Equal((4, ""), (run.Code, run.Output));
        Assert.Contains(error, run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(ramdisk));
    }

    [Theory]
    [InlineData("check")]
    [InlineData("show")]
    [InlineData("import")]
    public void A_disk_given_by_mistake_is_not_read_to_its_end(string verb)
    {
        CommandRun run = CommandRun.Of("config", verb, "/dev/zero");
        Assert.Equal((4, ""), (run.Code, run.Output));
        Assert.Contains("too long for settings", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4, "config", "check", "/nonexistent/lifeboat.conf")]
    [InlineData(2, "config", "import")]
    [InlineData(2, "config", "import", "x", "--from", "arch")]
    [InlineData(2, "config", "show", "")]
    public void What_cannot_be_done_has_its_exit_code(int code, params string[] arguments) =>
        Assert.Equal(code, CommandRun.Of(arguments).Code);

    private CommandRun Run(string verb, string text, params string[] options)
    {
        string file = Path.Combine(_folder.Path, "settings");
        File.WriteAllText(file, text);
        CommandRun run = CommandRun.Of(["config", verb, file, .. options]);
        return run with
        {
            Output = run.Output.Replace(file, "FILE", StringComparison.Ordinal),
            Error = run.Error.Replace(file, "FILE", StringComparison.Ordinal),
        };
    }
}
