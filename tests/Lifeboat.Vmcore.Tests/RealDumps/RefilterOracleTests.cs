using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Vmcore.Tests.RealDumps;

/// <summary>makedumpfile filters what is written here, and finds what it finds in the original.</summary>
public sealed class RefilterOracleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(RealDump.Formats), MemberType = typeof(RealDump))]
    [InlineData("rearranged")]
    public void It_keeps_the_same_pages_as_of_the_original(string format)
    {
        Tools.Require(Tools.Makedumpfile);
        string elf = RealDump.Require();
        string codec = format == "elf" ? "none" : format == "rearranged" ? "zstd" : format.ToLowerInvariant();
        Assert.SkipUnless(Tools.MakedumpfileHas(codec), $"makedumpfile has no {codec}");
        using var source = DumpSource.Open(elf);
        string ours = Assert.Single(RealDump.Write(source, format, _folder, DumpLevel.Zero));
        _ = Tools.Run(Tools.Makedumpfile, "-f", "-l", "-d", "31", ours, _folder.File("refiltered"));
        _ = Tools.Run(Tools.Makedumpfile, "-f", "-l", "-d", "31", elf, _folder.File("filtered"));
        using var refiltered = DumpSource.Open(_folder.File("refiltered"));
        using var filtered = DumpSource.Open(_folder.File("filtered"));
        Assert.Equal(filtered.EndPfn, refiltered.EndPfn);
        Assert.InRange(DumpComparison.SamePages(filtered, refiltered), 1000UL, ulong.MaxValue);
    }
}
