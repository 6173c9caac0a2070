using FsCheck;
using FsCheck.Fluent;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Reservation;
using Lifeboat.Kexec.Status;

namespace Lifeboat.Kexec.Tests.Reservation;

/// <summary>Cases from kernel/crash_reserve.c: what is reserved, and what is not.</summary>
public sealed class CrashKernelLineTests
{
    private const ulong M = 1 << 20;
    private const ulong G = 1 << 30;

    [Theory]
    [InlineData("256M", 4096, 256)]
    [InlineData("0x10000000", 4096, 256)]
    [InlineData("0400M", 4096, 256)]
    [InlineData("262144k", 4096, 256)]
    [InlineData("1G", 4096, 1024)]
    [InlineData("2G-64G:256M,64G-:512M", 4096, 256)]
    [InlineData("2G-64G:256M,64G-:512M", 65536, 512)]
    [InlineData("2G-64G:256M,64G-:512M", 65500, 512)]
    [InlineData("2G-64G:256M,64G-:512M", 1900, 0)]
    [InlineData("2G-64G:256M,64G-:512M", 2000, 256)]
    [InlineData("1G-4G:128M,2G-8G:256M", 3000, 128)]
    [InlineData("-4G:128M", 3000, 0)]
    [InlineData("0-4G:128M", 3000, 128)]
    [InlineData("1G-2G:128M,2G-:8G", 3000, 0)]
    [InlineData("1G-2G:8G,2G-:256M", 3000, 0)]
    [InlineData("2G-:256M,1G-2G:8G", 3000, 256)]
    [InlineData("2G-:256M,1G-1G:8G", 3000, 256)]
    [InlineData("4G-:256M,1G-1G:8G", 3000, 0)]
    [InlineData("2G-:256Mrest", 3000, 256)]
    [InlineData("256M,512M", 3000, 0)]
    [InlineData("auto", 3000, 0)]
    [InlineData("", 3000, 0)]
    [InlineData("0", 3000, 0)]
    [InlineData("M", 3000, 0)]
    [InlineData("3000M", 3000, 0)]
    [InlineData("256M,high", 3000, 256)]
    [InlineData("256M,low", 3000, 0)]
    [InlineData("256M,cma", 3000, 0)]
    [InlineData("256M,High", 3000, 0)]
    [InlineData("2G-:256M,high", 3000, 0)]
    [InlineData("2G-:256M@", 3000, 0)]
    [InlineData("256M@", 3000, 256)]
    public void Reserves_what_the_kernel_would(string text, ulong ramMiB, ulong reservedMiB)
    {
        var line = CrashKernelLine.Parse($"ro crashkernel={text} quiet");
        CrashKernelOutcome outcome = line.On(ByteCount.FromMiB(ramMiB));
        Assert.Equal(ByteCount.FromMiB(reservedMiB), outcome.Size);
        Assert.Equal(reservedMiB == 0, outcome.Error is not null);
        Assert.Equal(reservedMiB == 0, CrashKernelAdvice.Of(line, ByteCount.FromMiB(ramMiB)).Any(
            advice => advice.StartsWith("Nothing is reserved", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_last_of_a_kind_counts_and_high_and_low_only_without_a_main_one()
    {
        var line = CrashKernelLine.Parse("crashkernel=1G,high crashkernel=2G,high crashkernel=128M,low crashkernel=64M,low crashkernel=512M,cma");
        CrashKernelOutcome outcome = line.On(new ByteCount(64 * G));
        Assert.Equal((2 * G, 64 * M, 512 * M, true), (outcome.Size.Value, outcome.Low.Value, outcome.Cma.Value, outcome.High));

        line = CrashKernelLine.Parse("crashkernel=256M crashkernel=2G,high crashkernel=128M,low");
        outcome = line.On(new ByteCount(64 * G));
        Assert.Equal((256 * M, false), (outcome.Size.Value, outcome.High));
        Assert.Equal(
            ["crashkernel=2G,high does not count beside crashkernel=256M: high and low go with each other only",
                "crashkernel=128M,low does not count beside crashkernel=256M: high and low go with each other only"],
            CrashKernelAdvice.Of(line, new ByteCount(64 * G)));
    }

    [Fact]
    public void A_main_one_that_does_not_read_hides_a_high_one()
    {
        CrashKernelOutcome outcome = CrashKernelLine.Parse("crashkernel=1G,high crashkernel=auto").On(new ByteCount(64 * G));
        Assert.Equal("a size such as 256M is expected", outcome.Error);
    }

    [Fact]
    public void A_low_part_that_does_not_read_spoils_the_high_one() => Assert.Equal(
        "of the low part: a size such as 256M is expected",
        CrashKernelLine.Parse("crashkernel=1G,high crashkernel=,low").On(new ByteCount(64 * G)).Error);

    [Fact]
    public void High_without_low_takes_the_default_below_and_an_explicit_zero_takes_none()
    {
        Assert.Equal(CrashKernelLine.DefaultLow, CrashKernelLine.Parse("1G,high").On(new ByteCount(64 * G)).Low);
        var none = CrashKernelLine.Parse("crashkernel=1G,high crashkernel=0,low");
        Assert.Equal(ByteCount.Zero, none.On(new ByteCount(64 * G)).Low);
        Assert.Contains("without a low part", Assert.Single(CrashKernelAdvice.Of(none, new ByteCount(64 * G))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("256M@16M", 16 * M, "fixed address")]
    [InlineData("256M@0x1800000", 24 * M, "no multiple of 16 MiB")]
    [InlineData("2G-:256M@32M", 32 * M, "fixed address")]
    [InlineData("2G-:256M;@32M", 32 * M, "does not look at \";\"")]
    public void An_offset_is_a_fixed_place_with_its_dangers(string text, ulong offset, string advice)
    {
        var line = CrashKernelLine.Parse(text);
        Assert.Equal(new PhysicalAddress(offset), line.On(new ByteCount(4 * G)).Offset);
        Assert.Contains(CrashKernelAdvice.Of(line, new ByteCount(4 * G)), said => said.Contains(advice, StringComparison.Ordinal));
    }

    [Fact]
    public void Says_where_ranges_leave_a_gap_or_overlap_and_when_rounding_decides()
    {
        var line = CrashKernelLine.Parse("1G-2G:128M,3G-5G:256M,4G-:512M");
        Assert.Equal(
            ["RAM of 2.9 GiB counts as 3 GiB, a multiple of 128 MiB, which decides the range",
                "machines with RAM from 2 GiB to 3 GiB reserve nothing",
                "the ranges from 3 GiB and from 4 GiB overlap: the first that fits counts"],
            CrashKernelAdvice.Of(line, ByteCount.FromMiB(3000)));
    }

    [Fact]
    public void Says_that_a_size_is_too_small_by_the_last_drill_and_else_by_experience()
    {
        var line = CrashKernelLine.Parse("48M");
        Assert.Contains("few kernels start", Assert.Single(CrashKernelAdvice.Of(line, new ByteCount(4 * G))), StringComparison.Ordinal);
        var drill = new LastDrill
        {
            Time = default,
            KernelRelease = "6.1.0",
            Passed = true,
            ReservationBytes = 128 * M,
            MinimumBytes = 96 * M,
            Seconds = 1,
        };
        Assert.Equal(
            ["80 MiB are too small: the last drill, of 6.1.0, needed 96 MiB"],
            CrashKernelAdvice.Of(CrashKernelLine.Parse("80M"), new ByteCount(4 * G), drill: drill));
        Assert.Empty(CrashKernelAdvice.Of(CrashKernelLine.Parse("96M"), new ByteCount(4 * G), drill: drill));
    }

    [Theory]
    [InlineData("6.1.0-56-amd64", true)]
    [InlineData("6.16.3", true)]
    [InlineData("6.17.0", false)]
    [InlineData("7.2.1+deb", false)]
    public void Cma_needs_a_kernel_that_knows_it(string release, bool warns) => Assert.Equal(
        warns,
        CrashKernelAdvice.Of(CrashKernelLine.Parse("crashkernel=256M crashkernel=1G,cma"), new ByteCount(4 * G), release).Any(
            said => said.Contains("does not know ,cma", StringComparison.Ordinal)));

    [Fact]
    public void A_command_line_without_the_word_has_none()
    {
        Assert.Empty(CrashKernelLine.OfCommandLine("ro quiet").Entries);
        Assert.Equal("there is no crashkernel=", CrashKernelLine.OfCommandLine("ro").On(new ByteCount(G)).Error);
    }

    [Fact]
    public void Whatever_is_written_there_is_read_without_a_fault()
    {
        Gen<string> text = Gen.Elements("1", "0x", "0", "9", "G", "M", "K", "-", ":", ",", "@", "high", ",low", ",cma", "x", " ", "crashkernel=")
            .ArrayOf().Select(string.Concat);
        Prop.ForAll(text.ToArbitrary(), Gen.Choose(1, 1 << 20).ToArbitrary(), (words, ram) =>
        {
            var line = CrashKernelLine.Parse(words);
            CrashKernelOutcome outcome = line.On(ByteCount.FromMiB((ulong)ram));
            _ = CrashKernelAdvice.Of(line, ByteCount.FromMiB((ulong)ram));
            return (outcome.Error is null) == (outcome.Size > ByteCount.Zero);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_proposal_is_the_measured_size_with_room()
    {
        var proposal = ReservationProposal.From(ByteCount.FromMiB(88), new ByteCount(256 * G), ByteCount.FromMiB(10));
        Assert.Equal("crashkernel=176M", proposal.Word);
        Assert.Equal((22 * M, 40 * M, 17 * M), (proposal.Margin.Value, proposal.ForRamdisk.Value, proposal.ForRam.Value));
    }
}
