using System.Globalization;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Vmcore.Tests.RealDumps;

/// <summary>
/// libkdumpfile reads what is written here. Debian 12's is 0.5, which knows no flattened files and opens the parts of a
/// split dump one by one. Of ELF dumps it takes the last page before a segment to be that segment's, as zeros, though
/// no segment has its bytes.
/// </summary>
public sealed class LibkdumpfileOracleTests : IDisposable
{
    private const int EveryPage = 37;
    private const string Python = "/usr/bin/python3";

    private const string Script = """
        import sys
        import kdumpfile
        with open(sys.argv[4], 'wb') as out:
            dump = kdumpfile.kdumpfile(sys.argv[1])
            for pfn in range(0, int(sys.argv[2]), int(sys.argv[3])):
                try:
                    page = dump.read(kdumpfile.KDUMP_MACHPHYSADDR, pfn * 4096, 4096)
                except Exception:
                    page = b''
                out.write(bytes([1 if page else 0]) + page.ljust(4096, b'\0'))
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(RealDump.Formats), MemberType = typeof(RealDump))]
    [InlineData("rearranged")]
    [InlineData("split")]
    public void It_reads_the_same_pages(string format)
    {
        string elf = RealDump.Require();
        Assert.SkipUnless(HasLibrary(), "python3-libkdumpfile is not installed");
        using var source = DumpSource.Open(elf);
        foreach (string path in RealDump.Write(source, format, _folder))
        {
            using var ours = DumpSource.Open(path);
            _ = Tools.Run(
                Python, "-c", Script, path, $"{ours.EndPfn.Value}", EveryPage.ToString(CultureInfo.InvariantCulture), _folder.File("pages"));
            ulong same = Compare(ours, source, _folder.File("pages"), isElf: format == "elf");
            Assert.InRange(same, format == "split" ? 100UL : 400UL, ulong.MaxValue);
        }
    }

    private static bool HasLibrary() => File.Exists(Python)
        && Tools.Run("/bin/sh", "-c", $"{Python} -c 'import kdumpfile' 2>&1 || :").Length == 0;

    private static ulong Compare(DumpSource ours, DumpSource source, string pages, bool isElf)
    {
        ulong count = 0;
        using FileStream stream = File.OpenRead(pages);
        (byte[] theirs, byte[] expected) = (new byte[1 + Pfn.PageSize], new byte[Pfn.PageSize]);
        for (ulong pfn = 0; pfn < ours.EndPfn.Value; pfn += EveryPage)
        {
            stream.ReadExactly(theirs);
            PageState state = ours.GetPageState(new Pfn(pfn));
            bool isKept = state is PageState.Present or PageState.Zero;
            if (!isKept && isElf && ours.GetPageState(new Pfn(pfn + 1)) is PageState.Present)
            {
                Assert.False(theirs.AsSpan(1).ContainsAnyExcept((byte)0), $"{new Pfn(pfn)} has bytes");
                continue;
            }

            Assert.True(isKept == (theirs[0] == 1), $"{new Pfn(pfn)} is {state}");
            if (isKept)
            {
                Assert.Equal(Pfn.PageSize, source.Read(new Pfn(pfn).Address, expected, out _));
                Assert.True(expected.AsSpan().SequenceEqual(theirs.AsSpan(1)), $"{new Pfn(pfn)} has other bytes");
                count++;
            }
        }

        return count;
    }
}
