using Lifeboat.Cli.Tests.TestSupport;
using Lifeboat.TestSupport;

namespace Lifeboat.Cli.Tests.Personalities.Kexec;

/// <summary>What kexec answers where nothing is loaded, unloaded or started.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class KexecPersonalityTests : IDisposable
{
    private const string UsageLine = "\nUsage: kexec [OPTION]... [kernel]\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_help_is_a_page() => Golden.Matches("help-kexec.txt", CommandRun.As("kexec", "-h").Output);

    [Theory]
    [InlineData("-v")]
    [InlineData("--version")]
    [InlineData("-dv")]
    public void Scripts_find_the_version(string line)
    {
        CommandRun run = Run(line);
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Matches(@"^kexec-tools 2\.0\.\d+", run.Output);
    }

    [Theory]
    [InlineData("--nonsense", "kexec: unrecognized option '--nonsense'")]
    [InlineData("-lq", "kexec: invalid option -- 'q'")]
    [InlineData("-t", "kexec: option requires an argument -- 't'")]
    [InlineData("--initrd", "kexec: option '--initrd' requires an argument")]
    [InlineData("--hotplug=1", "kexec: option '--hotplug' doesn't allow an argument")]
    [InlineData("--mem-min=", "Bad option value in --mem-min=")]
    [InlineData("--mem-min=x", "Bad option value in --mem-min=x")]
    [InlineData("--mem-max 1M -l k", "Bad option value in --mem-max=1M")]
    [InlineData("-u --append=x", "kexec: options of a kernel are given")]
    [InlineData("-e --initrd=x", "kexec: options of a kernel are given")]
    [InlineData("-S --noefi", "kexec: options of a kernel are given")]
    public void A_wrong_command_line_is_1_with_the_usage(string line, string error)
    {
        CommandRun run = Run(line);
        Assert.Equal(1, run.Code);
        Assert.StartsWith(error, run.Error, StringComparison.Ordinal);
        Assert.Contains(UsageLine, run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--serial=ttyS2", "Bad serial port base 'ttyS2'")]
    [InlineData("--serial=0x10000", "Bad serial port base '0x10000'")]
    [InlineData("--serial=1016", "Bad serial port base '1016'")]
    [InlineData("--serial-baud=0", "Bad serial port baud rate '0'")]
    [InlineData("--serial-baud=4800", "Bad serial port baud rate '4800'")]
    [InlineData("--serial-baud=50000", "Bad serial port baud rate '50000'")]
    [InlineData("--serial-baud=230400", "Bad serial port baud rate '230400'")]
    [InlineData("-l", "No kernel specified")]
    [InlineData("-c -l", "No kernel specified")]
    [InlineData("", "No kernel specified")]
    public void What_kexec_notices_later_is_255_with_the_usage(string line, string error)
    {
        CommandRun run = Run(line);
        Assert.Equal(255, run.Code);
        Assert.StartsWith(error, run.Error, StringComparison.Ordinal);
        Assert.Contains(UsageLine, run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-c --load-preserve-context k", "Please specify memory range used by kexeced kernel")]
    [InlineData("--load-preserve-context k --mem-max=0x3fffffff", "--load-preserve-context not supported with kexec_file_load")]
    [InlineData("-s --load-preserve-context k --mem-max=0x3fffffff", "--load-preserve-context not supported with kexec_file_load")]
    [InlineData("-c -l /nowhere/vmlinuz", "kexec: Could not find")]
    public void What_does_not_go_together_is_1(string line, string error)
    {
        CommandRun run = Run(line);
        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.StartsWith(error, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--load-live-update k", "--load-live-update")]
    [InlineData("--exec-live-update", "--exec-live-update")]
    [InlineData("--load-jump-back-helper", "--load-jump-back-helper")]
    [InlineData("--entry=0", "--entry")]
    [InlineData("-l k --real-mode", "--real-mode")]
    [InlineData("-l k --elf32-core-headers", "--elf32-core-headers")]
    [InlineData("-l k --reuse-video-type", "--reuse-video-type")]
    [InlineData("-l k --reuseinitrd", "--reuseinitrd")]
    [InlineData("-l k --args-elf", "--args-elf")]
    [InlineData("-l k --args-none", "--args-none")]
    public void An_option_that_is_not_done_is_refused_by_its_name(string line, string name)
    {
        CommandRun run = Run(line);
        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.StartsWith($"kexec: {name} is not done by lifeboat: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_kernel_or_not_of_the_type_asked_for_is_255()
    {
        string text = _folder.Write("text", "this is no kernel");
        Assert.Equal(255, CommandRun.As("kexec", "-l", text).Code);
        Assert.Equal(255, CommandRun.As("kexec", "-c", "-l", text).Code);
        Assert.Equal(255, CommandRun.As("kexec", "-s", "-l", "/nowhere/vmlinuz").Code);
        Assert.Equal(255, CommandRun.As("kexec", "-l", "/nowhere/vmlinuz").Code);
    }

    [Theory]
    [InlineData("-S", "kexec_crash_loaded")]
    [InlineData("--status -p", "kexec_crash_loaded")]
    [InlineData("-p -l -S", "kexec_crash_loaded")]
    [InlineData("-l -S", "kexec_loaded")]
    public void The_status_is_the_exit_code(string line, string file)
    {
        string path = Path.Combine("/sys/kernel", file);
        CommandRun run = Run(line);
        Assert.Equal(File.Exists(path) ? int.Parse(File.ReadAllText(path).Trim()) : 255, run.Code);
        Assert.Equal("", run.Output);
    }

    [Fact]
    public void The_size_of_the_reservation_is_a_number()
    {
        CommandRun run = Run("--print-ckr-size");
        Assert.Equal(0, run.Code);
        Assert.Matches("^[0-9]+\n$", run.Output);
    }

    private static CommandRun Run(string line) => CommandRun.As("kexec", line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
