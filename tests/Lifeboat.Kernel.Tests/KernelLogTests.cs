using Lifeboat.Core;
using Lifeboat.Kernel.Tests.TestSupport;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Kernel.Tests;

public sealed class KernelLogTests
{
    private readonly FakeKernel _kernel = new();

    [Fact]
    public void Records_come_oldest_first_with_all_their_facts()
    {
        var log = new FakeLog(_kernel);
        log.Add("Linux version 6.1.0", timestamp: 0, level: 5);
        log.Add("hello\nworld", timestamp: 1_234_567_890, level: 3, facility: 1, caller: 0x8000_0002);
        KernelLog read = Read();
        Assert.Empty(read.Diagnostics);
        Assert.Equal(
            [
                new LogRecord(0, 0, 5, 0, 1, "Linux version 6.1.0"),
                new LogRecord(1, 1_234_567_890, 3, 1, 0x8000_0002, "hello\nworld"),
            ],
            read.Records);
        Assert.Equal("T1", read.Records[0].CallerText);
        Assert.Equal("C2", read.Records[1].CallerText);
        Assert.Equal("[    1.234567] hello\n[    1.234567] world", read.Records[1].ToDmesgText());
    }

    [Fact]
    public void A_ring_that_went_round_many_times_gives_its_last_records()
    {
        var log = new FakeLog(_kernel, countBits: 4, textBits: 12);
        for (int i = 0; i < 200; i++)
        {
            log.Add($"record {i} {new string('x', i % 37)}");
        }

        KernelLog read = Read();
        Assert.Empty(read.Diagnostics);
        Assert.Equal(16, read.Records.Count);
        Assert.Equal(Enumerable.Range(184, 16).Select(static i => $"record {i} {new string('x', i % 37)}"),
            read.Records.Select(static r => r.Text));
    }

    [Fact]
    public void Records_whose_text_was_overwritten_are_left_out_and_counted()
    {
        var log = new FakeLog(_kernel, countBits: 6, textBits: 8);
        for (int i = 0; i < 40; i++)
        {
            log.Add($"record number {i}");
        }

        KernelLog read = Read();
        Assert.InRange(read.Records.Count, 5, 10);
        Assert.Equal("record number 39", read.Records[^1].Text);
        Assert.Equal(KernelDiagnosticIds.DamagedLog, Assert.Single(read.Diagnostics).Id);
    }

    [Theory]
    [InlineData(0UL, false)] // reserved: somebody was still writing
    [InlineData(1UL, true)] // committed: whole, waiting for a continuation
    [InlineData(2UL, true)]
    [InlineData(3UL, false)] // given up for reuse
    public void Only_records_that_are_whole_are_read(ulong state, bool isThere)
    {
        new FakeLog(_kernel).Add("text", state: state);
        Assert.Equal(isThere ? 1 : 0, Read().Records.Count);
    }

    [Fact]
    public void An_empty_line_is_a_record()
    {
        new FakeLog(_kernel).Add("");
        Assert.Equal("", Assert.Single(Read().Records).Text);
        Assert.Equal("[    0.000000] ", Read().Records[0].ToDmesgText());
    }

    [Fact]
    public void Control_characters_cannot_drive_a_terminal()
    {
        new FakeLog(_kernel).Add("a\x1b[2Jb\tc");
        Assert.Equal("[    0.000000] a\\x1b[2Jb\tc", Read().Records[0].ToDmesgText());
    }

    [Theory]
    [InlineData("SYMBOL(prb)")]
    [InlineData("OFFSET(printk_info.ts_nsec)")]
    [InlineData("SIZE(prb_desc)")]
    public void A_missing_key_is_named(string key)
    {
        new FakeLog(_kernel).Add("text");
        _kernel.Info.Remove(key);
        KernelLog read = Read();
        Assert.Empty(read.Records);
        Assert.Contains(key, Assert.Single(read.Diagnostics).Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_vmcoreinfo_there_is_a_diagnostic_and_no_exception()
    {
        _kernel.Info.Clear();
        Assert.NotEmpty(Read().Diagnostics);
    }

    [Fact]
    public void A_size_beyond_the_limits_is_refused()
    {
        var log = new FakeLog(_kernel);
        log.Add("text");
        _kernel.Memory.WriteInt(log.RingPhysical + 48, 29);
        KernelLog read = KernelLog.Read(new FakeDump(_kernel), new DumpLimits { MaxLogBytes = 1 << 20 });
        Assert.Equal(KernelDiagnosticIds.DamagedLog, Assert.Single(read.Diagnostics).Id);
    }

    [Fact]
    public void Three_thousand_damaged_rings_end()
    {
        for (int seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            var kernel = new FakeKernel();
            var log = new FakeLog(kernel);
            for (int i = 0; i < 20; i++)
            {
                log.Add($"record {i}");
            }

            // The three arrays and the ring lie one after the other, the ring last.
            for (int i = 0; i < 1 + random.Next(20); i++)
            {
                ulong place = log.RingPhysical + 96 - (ulong)random.Next(random.Next(2) == 0 ? 96 : 3000);
                kernel.Memory.Write(place, [(byte)(random.Next(3) == 0 ? 0xff : random.Next(256))]);
            }

            KernelLog read = KernelLog.Read(new FakeDump(kernel));
            Assert.True(read.Records.Count <= 1 << 23);
        }
    }

    private KernelLog Read() => KernelLog.Read(new FakeDump(_kernel));
}
