using Lifeboat.Kernel;

namespace Lifeboat.Inspect.Tests;

public sealed class CrashSignatureTests
{
    private static readonly string[] Stack =
        ["__crash_kexec+0x11a/0x130", "panic+0x13d/0x2f4", "sysrq_handle_crash+0x16/0x20", "__handle_sysrq.cold+0x44/0x11c", "vfs_write+0x1/0x2"];

    [Fact]
    public void It_is_the_same_for_other_offsets_suffixes_modules_guesses_and_ways_to_the_panic()
    {
        string? expected = CrashSignature.Of(PanicKind.Sysrq, Stack);
        Assert.Matches("^[0-9a-f]{16}$", expected);
        Assert.Equal(expected, CrashSignature.Of(
            PanicKind.Sysrq,
            ["vpanic+0x1/0x2", "? stale+0x3/0x4", "sysrq_handle_crash+0x1a/0x20", "__handle_sysrq.isra.0+0xa7/0x1a0 [sysrq]", "vfs_write+0x9/0xa"]));
    }

    [Fact]
    public void Another_kind_or_another_function_is_another_bug()
    {
        string? expected = CrashSignature.Of(PanicKind.Sysrq, Stack);
        Assert.NotEqual(expected, CrashSignature.Of(PanicKind.Oops, Stack));
        Assert.NotEqual(expected, CrashSignature.Of(PanicKind.Sysrq, [.. Stack[..^1], "vfs_read+0x1/0x2"]));
    }

    [Fact]
    public void An_error_of_the_hardware_has_one_name_wherever_it_strikes()
    {
        static CrashReport Report(string place) => Reporting.Reports.Whole with
        {
            Panic = new PanicSummary { Kind = PanicKind.MachineCheck, Message = "Fatal local machine check" },
            Site = new CrashSite { Place = place, Frames = [place] },
        };
        Assert.Equal(Report("a+0x1/0x2").Signature, Report("b+0x1/0x2").Signature);
        Assert.NotEqual(Report("a+0x1/0x2").Signature, CrashSignature.Of(PanicKind.Nmi, "Fatal local machine check"));
    }

    [Fact]
    public void Without_a_function_that_is_known_there_is_none() =>
        Assert.Null(CrashSignature.Of(PanicKind.Oops, ["panic+0x1/0x2", "0xffffffff81000000", "? guess+0x1/0x2"]));

    [Theory]
    [InlineData("schedule+0x5a/0xd0", "schedule")]
    [InlineData("ext4_fill_super.cold+0x1/0x33 [ext4]", "ext4_fill_super")]
    [InlineData("0xffffffff81000000", null)]
    [InlineData("? schedule+0x5a/0xd0", null)]
    public void The_function_is_named_as_in_the_source(string frame, string? function) =>
        Assert.Equal(function, CrashSignature.FunctionOf(frame));
}
