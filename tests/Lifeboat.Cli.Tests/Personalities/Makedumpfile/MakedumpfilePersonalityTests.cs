using Lifeboat.Cli.Tests.TestSupport;
using Lifeboat.TestSupport;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Cli.Tests.Personalities.Makedumpfile;

[Collection(ConsoleCollection.Name)]
public sealed class MakedumpfilePersonalityTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _dump;
    private readonly string _out;

    public MakedumpfilePersonalityTests()
    {
        _dump = _folder.Write("vmcore", CoreFile.Of(CrashedMachine.Create()));
        _out = _folder.Combine("out");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_scripts_look_for_goes_to_standard_output_and_progress_to_standard_error()
    {
        CommandRun run = Run("-z", "-d", "1", _dump, _out);
        Assert.Equal((0, $"\nThe dumpfile is saved to {_out}.\n\nmakedumpfile Completed.\n"), (run.Code, run.Output));
        Assert.Contains("\rCopying data                                      : [100.0 %] ", run.Error, StringComparison.Ordinal);
        Assert.EndsWith("\n", run.Error, StringComparison.Ordinal);
        using var dump = DumpSource.Open(_out);
        Assert.Equal((DumpLevel.Zero, false), (dump.HeaderLevel, dump.IsIncomplete));
    }

    [Theory]
    [InlineData("0", "", "")]
    [InlineData("2", "out", "")]
    [InlineData("1", "", "err")]
    [InlineData("16", "report", "")]
    public void Only_the_kinds_of_messages_asked_for_are_told(string level, string output, string error)
    {
        CommandRun run = Run("--message-level", level, "-d", "1", _dump, _out);
        Assert.Equal(0, run.Code);
        Assert.Equal(output, run.Output.Contains("Original pages", StringComparison.Ordinal) ? "report" : run.Output == "" ? "" : "out");
        Assert.Equal(error, run.Error == "" ? "" : "err");
    }

    [Fact]
    public void A_file_that_is_there_is_left_alone_until_forced()
    {
        _folder.Write("out", "precious");
        CommandRun run = Run("-d", "1", _dump, _out);
        Assert.Equal((1, "\nmakedumpfile Failed.\n"), (run.Code, run.Output));
        Assert.Equal($"check_dump_file: Can't open the dump file ({_out}). File exists\n", run.Error);
        Assert.Equal("precious", File.ReadAllText(_out));
        Assert.Equal(0, Run("-f", "-d", "1", _dump, _out).Code);
    }

    [Fact]
    public void The_dump_that_is_read_is_never_written_even_when_forced()
    {
        byte[] before = File.ReadAllBytes(_dump);
        Assert.Equal(1, Run("-f", "-d", "1", _dump, _dump).Code);
        Assert.Equal(before, File.ReadAllBytes(_dump));
    }

    [Fact]
    public void On_a_full_disk_the_next_level_is_tried()
    {
        CommandRun run = Run("-f", "-d", "0,1,1", _dump, "/dev/full");
        Assert.Equal(1, run.Code);
        const string Full = "\nCan't write the dump file(/dev/full). No space left on device\n";
        const string Retry = "Retry to create a dumpfile by dump_level(1).\n";
        Assert.Equal(
            $"{Full}{Retry}{Full}{Retry}{Full}This is an incomplete dumpfile, but might analyzable.\n\nmakedumpfile Failed.\n",
            run.Output);
    }

    [Fact]
    public void What_does_not_fit_a_size_is_tried_at_the_next_level_and_never_written_larger()
    {
        CommandRun run = Run("-d", "0,1", "-L", "1M", _dump, _out);
        Assert.Equal(
            (0, $"\nCan't write the dump file({_out}). Size limit(1048576) reached.\n"
                + $"Retry to create a dumpfile by dump_level(1).\n\nThe dumpfile is saved to {_out}.\n\nmakedumpfile Completed.\n"),
            (run.Code, run.Output));
        Assert.InRange(new FileInfo(_out).Length, 1, 1 << 20);
        string part = _folder.Combine("part");
        Assert.Equal(1, Run("-d", "0", "-L", "1M", _dump, part).Code);
        Assert.InRange(new FileInfo(part).Length, 0, 1 << 20);
    }

    [Fact]
    public void A_dry_run_does_all_but_write()
    {
        CommandRun dry = Run("--dry-run", "--show-stats", "-d", "1", _dump, _out);
        Assert.Equal(0, dry.Code);
        Assert.False(File.Exists(_out));
        CommandRun wet = Run("--show-stats", "-d", "1", _dump, _out);
        Assert.Equal(Counts(wet.Output), Counts(dry.Output));
        Assert.Contains($"Write bytes     : {new FileInfo(_out).Length}\n", wet.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_memory_s_use_is_a_table() => Golden.Matches("mem-usage.txt", Run("--mem-usage", _dump).Output);

    [Fact]
    public void A_vmcoreinfo_of_another_kernel_is_exit_code_2()
    {
        string right = _folder.Write("right", "OSRELEASE=6.1.0-fake\n");
        string wrong = _folder.Write("wrong", "OSRELEASE=6.1.0-other\n");
        Assert.Equal(0, Run("-i", right, "-d", "1", _dump, _out).Code);
        CommandRun run = Run("-f", "-i", wrong, "-d", "1", _dump, _out);
        Assert.Equal((2, $"check_release: {wrong} and {_dump} don't match.\n"), (run.Code, run.Error));
        Assert.Equal(1, Run("-f", "-i", _folder.Write("text", "nothing"), "-d", "1", _dump, _out).Code);
    }

    [Fact]
    public void What_cannot_be_a_kernel_image_is_refused()
    {
        CommandRun run = Run("-x", _folder.Write("text", "this is no image"), "-d", "1", _dump, _out);
        Assert.Equal(1, run.Code);
        Assert.Contains("is not an ELF kernel image", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_incomplete_dump_is_written_and_fails()
    {
        byte[] whole = File.ReadAllBytes(_dump);
        CommandRun run = Run("-d", "0", _folder.Write("cut", whole[..(whole.Length / 2)]), _out);
        Assert.Equal(1, run.Code);
        Assert.EndsWith(
            "This is an incomplete dumpfile, but might analyzable.\n\nmakedumpfile Failed.\n", run.Output, StringComparison.Ordinal);
        using var dump = DumpSource.Open(_out);
        Assert.True(dump.IsIncomplete);
    }

    [Fact]
    public void Without_vmcoreinfo_pages_cannot_be_told_apart()
    {
        string bare = _folder.Write("bare", CoreFile.Of(new byte[1 << 16], default));
        Assert.Equal(0, Run("-d", "1", bare, _out).Code);
        CommandRun run = Run("-f", "-d", "31", bare, _out);
        Assert.Equal(1, run.Code);
        Assert.StartsWith($"{bare} doesn't contain vmcoreinfo.\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_log_since_it_was_cleared_is_what_came_after()
    {
        FakeKernel kernel = CrashedMachine.Create("first", "second", "third");
        ulong place = kernel.Allocate(32);
        kernel.Info["SYMBOL(clear_seq)"] = FakeKernel.Hex(place);
        kernel.Info["SIZE(latched_seq)"] = "24";
        kernel.Info["OFFSET(latched_seq.val)"] = "8";
        kernel.Memory.Write(FakeKernel.ToPhysical(place), [7, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0]);
        string dump = _folder.Write("cleared", CoreFile.Of(kernel));
        Assert.Equal(0, Run("--dump-dmesg", "--partial-dmesg", dump, _out).Code);
        Assert.Equal("[    4.500000] [      T1] third\n", File.ReadAllText(_out));
        CommandRun all = Run("-f", "--dump-dmesg", dump, _out);
        Assert.Equal($"\nThe dmesg log is saved to {_out}.\n\nmakedumpfile Completed.\n", all.Output);
        Assert.Equal(3, File.ReadAllLines(_out).Length);
    }

    [Fact]
    public void A_log_that_is_cut_at_a_size_fails()
    {
        CommandRun run = Run("--dump-dmesg", "-L", "10", _dump, _out);
        Assert.Equal((1, 10), (run.Code, new FileInfo(_out).Length));
        Assert.StartsWith($"\nCan't write the log file({_out}). Size limit(10) reached.\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void With_F_the_dump_has_standard_output_and_the_messages_standard_error()
    {
        ProgramLink.Create(_folder.Path, "makedumpfile");
        var run = ToolRun.OfShell(_folder.Path, "./makedumpfile -F -z -d 1 vmcore 2> notes > flat && ./makedumpfile -R out < flat");
        Assert.Equal(0, run.Code);
        Assert.EndsWith(
            "\nThe dumpfile is saved to STDOUT.\n\nmakedumpfile Completed.\n", File.ReadAllText(_folder.Combine("notes")), StringComparison.Ordinal);
        Assert.Equal(DumpFacts.Of(_folder.Combine("flat")) with { Format = "" }, DumpFacts.Of(_out) with { Format = "" });
        Assert.StartsWith(
            "[    1.500000] [      T1] Linux version", ToolRun.OfShell(_folder.Path, "./makedumpfile -F --dump-dmesg vmcore").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flattened_dump_that_ends_early_fails()
    {
        ProgramLink.Create(_folder.Path, "makedumpfile");
        var run = ToolRun.OfShell(_folder.Path, "./makedumpfile -F -d 1 vmcore 2> notes | head -c 100000 | ./makedumpfile -R out");
        Assert.Equal(1, run.Code);
        Assert.EndsWith("\nmakedumpfile Failed.\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_is_translated_as_part_of_the_work()
    {
        CommandRun run = Run("--vtop", "0xffffffff81000000", "--dry-run", "-d", "1", _dump, _out);
        Assert.Equal(0, run.Code);
        Assert.Contains("VIRTUAL           PHYSICAL\nffffffff81000000  ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_part_fails_and_what_there_is_is_joined()
    {
        string[] parts = [_folder.Combine("a"), _folder.Combine("b"), _folder.Combine("c")];
        Assert.Equal(0, Run(["--split", "-d", "1", _dump, .. parts]).Code);
        Assert.Equal(0, Run(["--reassemble", .. parts, _out]).Code);
        Assert.Equal(DumpFacts.Of(_dump).Digest, DumpFacts.Of(_out).Digest);
        Assert.Equal(1, Run("-f", "--reassemble", parts[0], parts[2], _out).Code);
        using var dump = DumpSource.Open(_out);
        Assert.True(dump.IsIncomplete);
    }

    private static CommandRun Run(params string[] arguments) => CommandRun.As("makedumpfile", arguments);

    private static string Counts(string output) =>
        string.Join('\n', output.Split('\n').Where(line => line.Contains(": 0x", StringComparison.Ordinal)));
}
