using System.Globalization;
using System.Text.RegularExpressions;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Vmcore.Tests.RealDumps;

/// <summary>crash reads what is written here: the log, and pages as they lie in memory.</summary>
public sealed partial class CrashOracleTests : IDisposable
{
    private const int Samples = 24;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(RealDump.Formats), MemberType = typeof(RealDump))]
    [InlineData("flattened")]
    [InlineData("split")]
    public void It_shows_the_log_and_the_same_pages(string format)
    {
        Tools.Require(Tools.Crash);
        (string elf, string image) = RealDump.RequireWithImage();
        using var source = DumpSource.Open(elf);
        string[] paths = RealDump.Write(source, format, _folder);
        List<Pfn> sample = Sample(paths);
        File.WriteAllLines(_folder.File("commands"),
        [
            "log",
            .. sample.Select(static pfn => $"rd -p -64 0x{pfn.Address.Value.ToString("x", CultureInfo.InvariantCulture)} 512"),
            "quit",
        ]);
        string output = Tools.Run(Tools.Crash, ["-s", "-i", _folder.File("commands"), image, .. paths]);
        Assert.Contains("Linux version 6.1", output, StringComparison.Ordinal);
        Assert.Contains("sysrq triggered crash", output, StringComparison.Ordinal);
        Dictionary<ulong, ulong> words = WordsOf(output);
        byte[] page = new byte[Pfn.PageSize];
        foreach (Pfn pfn in sample)
        {
            Assert.Equal(page.Length, source.Read(pfn.Address, page, out _));
            for (int i = 0; i < page.Length; i += 8)
            {
                ulong address = pfn.Address.Value + (ulong)i;
                Assert.True(words.TryGetValue(address, out ulong word), $"crash does not show 0x{address:x}");
                Assert.True(BitConverter.ToUInt64(page, i) == word, $"crash shows 0x{word:x} at 0x{address:x}");
            }
        }
    }

    private static List<Pfn> Sample(string[] paths)
    {
        using var ours = DumpSource.Open(paths);
        List<Pfn> present = [];
        for (ulong pfn = 0; pfn < ours.EndPfn.Value; pfn++)
        {
            if (ours.GetPageState(new Pfn(pfn)) == PageState.Present)
            {
                present.Add(new Pfn(pfn));
            }
        }

        Assert.InRange(present.Count, 1000, int.MaxValue);
        return [.. present.Where((_, index) => index % (present.Count / Samples) == 0)];
    }

    /// <summary>Two words a line: <c>1000000:  0000000000000000 0000000000000000   ................</c></summary>
    private static Dictionary<ulong, ulong> WordsOf(string output)
    {
        var words = new Dictionary<ulong, ulong>();
        foreach (Match line in Line().Matches(output))
        {
            ulong address = Parse(line.Groups["at"]);
            words[address] = Parse(line.Groups["one"]);
            words[address + 8] = Parse(line.Groups["two"]);
        }

        return words;

        static ulong Parse(Group group) => ulong.Parse(group.ValueSpan, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^ *(?<at>[0-9a-f]+): +(?<one>[0-9a-f]{16}) (?<two>[0-9a-f]{16}) ", RegexOptions.Multiline)]
    private static partial Regex Line();
}
