using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Kernel;
using Lifeboat.Symbols;
using Lifeboat.TestSupport;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Tests.TestSupport;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Inspect.Tests;

public sealed class CrashReportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_dump_says_which_kernel_crashed_when_and_how()
    {
        CrashReport report = Report(CoreFile.Of(CrashedMachine.Create()));
        Assert.Equal(
            new KernelIdentity("Linux", "drill-guest", "6.1.0-fake", "#1 SMP Debian 6.1.192-2", "x86_64"), report.Kernel);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), report.CrashTime);
        Assert.Equal(PanicKind.Sysrq, report.Panic?.Kind);
        Assert.Equal((1, 42, "init"), (report.Panic?.Cpu, report.Panic?.Pid, report.Panic?.Command));
        Assert.Equal(new ByteCount(FakeKernel.RamSize), report.Ram);
        Assert.Equal("ELF", report.Format);
        Assert.False(report.IsIncomplete);
        Assert.Equal(SymbolsDiagnosticIds.NoSymbols, Assert.Single(report.Diagnostics).Id);
        Assert.Empty(report.Stacks);
        Assert.Equal("[   10.500000] RIP: 0010:sysrq_handle_crash+0x16/0x20", report.LogTail[^1]);
    }

    [Fact]
    public void The_filtered_and_compressed_dump_says_the_same()
    {
        string elf = _folder.Write("vmcore", CoreFile.Of(CrashedMachine.Create()));
        string kdump = _folder.Combine("vmcore.kdump");
        using (DumpSource source = DumpSource.Open(elf))
        {
            KdumpFileWriter.Write(source, kdump, new DumpWriteOptions { Level = DumpLevel.Zero });
        }

        CrashReport fromElf = ReportOf(elf);
        CrashReport fromKdump = ReportOf(kdump);
        Assert.Equal(fromElf.Panic, fromKdump.Panic);
        Assert.Equal(fromElf.Kernel, fromKdump.Kernel);
        Assert.Equal(fromElf.LogTail, fromKdump.LogTail);
        Assert.Equal(DumpLevel.Zero, fromKdump.Level);
        Assert.Null(fromElf.Level);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void The_tail_counts_lines_not_records(int length)
    {
        using DumpSource dump = DumpSource.Open(
            _folder.Write("vmcore", CoreFile.Of(CrashedMachine.Create("first", "a\nb\nc"))));
        string[] all = ["[    1.500000] first", "[    3.000000] a", "[    3.000000] b", "[    3.000000] c"];
        Assert.Equal(all.TakeLast(length), CrashReport.Create(dump, length).LogTail);
    }

    [Fact]
    public void A_log_without_a_crash_is_told_as_such() =>
        Assert.Null(Report(CoreFile.Of(CrashedMachine.Create("all", "is", "well"))).Panic);

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("soon")]
    [InlineData("99999999999999999999")]
    [InlineData("253402300800")]
    public void A_crash_time_that_cannot_be_is_no_crash_time(string time)
    {
        FakeKernel kernel = CrashedMachine.Create();
        kernel.Info["CRASHTIME"] = time;
        Assert.Null(Report(CoreFile.Of(kernel)).CrashTime);
    }

    [Fact]
    public void A_dump_of_nothing_gives_a_report_that_says_what_is_missing()
    {
        CrashReport report = Report(CoreFile.Of([], []));
        Assert.Null(report.Panic);
        Assert.Empty(report.LogTail);
        Assert.Null(report.Kernel.Release);
        Assert.NotEmpty(report.Diagnostics);
    }

    [Fact]
    public void A_log_that_lies_outside_of_memory_is_a_diagnostic()
    {
        FakeKernel kernel = CrashedMachine.Create();
        kernel.Info["SYMBOL(prb)"] = "ffffffffbfff0000";
        CrashReport report = Report(CoreFile.Of(kernel));
        Assert.Contains(report.Diagnostics, static diagnostic => diagnostic.Id == KernelDiagnosticIds.UnreadableLog);
        Assert.Equal("6.1.0-fake", report.Kernel.Release);
    }

    [Fact]
    public void A_dump_that_was_cut_still_gives_its_log_and_says_that_it_is_cut()
    {
        byte[] whole = CoreFile.Of(CrashedMachine.Create());
        CrashReport report = Report(whole[..^(8 << 20)]);
        Assert.True(report.IsIncomplete);
        Assert.Equal(PanicKind.Sysrq, report.Panic?.Kind);
    }

    [Fact]
    public void Whatever_is_damaged_a_dump_that_opens_gives_a_report()
    {
        FakeKernel kernel = CrashedMachine.Create();
        byte[] ram = new byte[1 << 20];
        byte[] info = kernel.InfoBytes;
        var random = new Random(20);
        for (int round = 0; round < 200; round++)
        {
            byte[] file = CoreFile.Of(ram, info);
            for (int change = random.Next(1, 6); change > 0; change--)
            {
                // Headers and VMCOREINFO: what steers the reading.
                file[random.Next(4096)] = (byte)random.Next(256);
            }

            try
            {
                CrashReport report = Report(file);
                Assert.NotNull(report.LogTail);
            }
            catch (DumpFormatException exception)
            {
                Assert.NotEmpty(exception.Diagnostics);
            }
        }
    }

    [Fact]
    public void Whatever_is_damaged_in_the_kernel_s_memory_there_is_a_report()
    {
        byte[] whole = CoreFile.Of(CrashedMachine.Create());
        int image = whole.Length - (int)(FakeKernel.RamSize - FakeKernel.ImagePhysical) + (1 << 20);
        for (int seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            byte[] file = [.. whole];
            for (int change = 0; change < 40; change++)
            {
                file[image + random.Next(16 << 10)] = (byte)random.Next(256);
            }

            Assert.NotNull(Report(file).Kernel);
        }
    }

    private CrashReport Report(byte[] file) => ReportOf(_folder.Write("vmcore", file));

    private static CrashReport ReportOf(string path)
    {
        using DumpSource dump = DumpSource.Open(path);
        return CrashReport.Create(dump);
    }
}
