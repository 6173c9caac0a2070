using System.Globalization;
using Lifeboat.Core.Hashing;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore;

namespace Lifeboat.Machine.Tests;

/// <summary>
/// Tools that did not come from here read what a guest saved, and agree. Debian's makedumpfile is built without zstd, so
/// that it gets dumps packed with LZO and zlib.
/// </summary>
public sealed class OracleTests(CapturedDumps dumps)
{
    [Theory]
    [InlineData("6.1", "lzo")]
    [InlineData("6.12", "zlib")]
    public void Makedumpfile_finds_the_same_log(string series, string compression)
    {
        string makedumpfile = TestMachine.Oracle("makedumpfile");
        CapturedDump dump = dumps.Get(series, compression);
        using var folder = new TemporaryFolder();
        ProgramResult result = TestMachine.Run(makedumpfile, ["--dump-dmesg", dump.Path, folder.File("log")]);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        Assert.Equal(WithoutTimes(folder.File("log")), WithoutTimes(dump.Log));
    }

    [Fact]
    public void Makedumpfile_finds_nothing_more_to_leave_out()
    {
        string makedumpfile = TestMachine.Oracle("makedumpfile");
        CapturedDump dump = dumps.Get("6.1", "lzo");
        using var folder = new TemporaryFolder();
        ProgramResult result = TestMachine.Run(makedumpfile, ["-c", "-d", "31", dump.Path, folder.File("again")]);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        using DumpSource ours = DumpSource.Open(dump.Path);
        using DumpSource theirs = DumpSource.Open(folder.File("again"));
        List<string> differing = [];
        foreach (PhysicalRange range in ours.RamRanges)
        {
            for (ulong pfn = range.Start.Pfn.Value; pfn < range.End.Pfn.Value; pfn++)
            {
                bool weKeep = ours.GetPageState(new Pfn(pfn)) is PageState.Present or PageState.Zero;
                bool theyKeep = theirs.GetPageState(new Pfn(pfn)) is PageState.Present or PageState.Zero;
                if (weKeep != theyKeep)
                {
                    differing.Add(new Pfn(pfn).ToString());
                }
            }
        }

        Assert.True(differing.Count == 0, $"{differing.Count} pages differ, first {string.Join(", ", differing.Take(8))}");
    }

    [Theory]
    [InlineData("6.1")]
    [InlineData("6.12")]
    public void Drgn_reads_the_same_bytes(string series)
    {
        string drgn = TestMachine.Oracle("drgn");
        CapturedDump dump = dumps.Get(series);
        using DumpSource source = DumpSource.Open(dump.Path);
        Pfn[] sample = [.. PresentPages(source).Where((_, index) => index % 97 == 0).Take(200)];
        Assert.NotEmpty(sample);
        string addresses = string.Join(',', sample.Select(pfn => pfn.Address.Value.ToString(CultureInfo.InvariantCulture)));
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("read.py"), $"""
            import hashlib
            import drgn
            program = drgn.Program()
            program.set_core_dump("{dump.Path}")
            for address in [{addresses}]:
                print(hashlib.sha256(program.read(address, 4096, True)).hexdigest())
            """);
        ProgramResult result = TestMachine.Run("/usr/bin/python3", [folder.File("read.py")]);
        Assert.True(result.ExitCode == 0, drgn + result.Output + result.Error);
        byte[] page = new byte[Pfn.PageSize];
        Assert.Equal(
            result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            sample.Select(pfn =>
            {
                Assert.Equal(page.Length, source.Read(pfn.Address, page, out _));
                return Convert.ToHexStringLower(Sha256.HashData(page));
            }));
    }

    [Fact]
    public void Crash_opens_the_dump_and_tells_the_same_story()
    {
        string crash = TestMachine.Oracle("crash");
        CapturedDump dump = dumps.Get("6.1");
        string vmlinux = TestMachine.DebugInfo(dump.Kernel.Release);
        ProgramResult result = TestMachine.Run(crash, ["-s", vmlinux, dump.Path], input: "sys\nlog\nquit\n");
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        Assert.Contains(dump.Kernel.Release, result.Output, StringComparison.Ordinal);
        Assert.Contains("sysrq triggered crash", result.Output, StringComparison.Ordinal);
    }

    // Further lines of a message have its time again here, as dmesg prints them, and blanks as wide in makedumpfile's.
    private static IEnumerable<string> WithoutTimes(string path) => File.ReadLines(path).Select(line =>
        line.StartsWith('[') || line.StartsWith("               ", StringComparison.Ordinal) ? line[15..] : line);

    private static IEnumerable<Pfn> PresentPages(DumpSource source)
    {
        foreach (PhysicalRange range in source.RamRanges)
        {
            for (ulong pfn = range.Start.Pfn.Value; pfn < range.End.Pfn.Value; pfn++)
            {
                if (source.GetPageState(new Pfn(pfn)) == PageState.Present)
                {
                    yield return new Pfn(pfn);
                }
            }
        }
    }
}
