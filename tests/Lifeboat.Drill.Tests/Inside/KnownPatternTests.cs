using FsCheck;
using FsCheck.Fluent;
using Lifeboat.Core.Memory;
using Lifeboat.Drill.Inside;

namespace Lifeboat.Drill.Tests.Inside;

public sealed class KnownPatternTests
{
    private const ulong Seed = 0x1234_5678_9ABC_DEF0;

    [Fact]
    public void A_filled_page_matches_and_any_flipped_bit_does_not()
    {
        byte[] page = Page(Seed, PatternKind.Kernel, 7);
        Assert.True(KnownPattern.Matches(page, Seed, PatternKind.Kernel, 7));
        for (int bit = 0; bit < page.Length * 8; bit++)
        {
            page[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(KnownPattern.Matches(page, Seed, PatternKind.Kernel, 7));
            page[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Another_seed_kind_or_number_gives_other_bytes() =>
        Prop.ForAll<ulong, ushort, ulong>((seed, index, other) =>
        {
            byte[] page = Page(seed, PatternKind.User, index);
            return (other == seed || !KnownPattern.Matches(page, other, PatternKind.User, index))
                && !KnownPattern.Matches(page, seed, PatternKind.PageCache, index)
                && !KnownPattern.Matches(page, seed, PatternKind.Kernel, index)
                && !KnownPattern.Matches(page, seed, PatternKind.User, index + 1);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_pages_of_a_whole_drill_are_all_different()
    {
        var starts = new HashSet<string>(StringComparer.Ordinal);
        foreach (PatternKind kind in Enum.GetValues<PatternKind>())
        {
            for (int index = 0; index < 8192; index++)
            {
                Assert.True(starts.Add(Convert.ToHexString(Page(Seed, kind, index).AsSpan(0, 16))), $"{kind} {index}");
            }
        }
    }

    [Fact]
    public void A_page_is_never_zero_and_compresses_to_about_half()
    {
        byte[] page = Page(0, PatternKind.User, 0);
        Assert.Contains(page, value => value != 0);
        Assert.True(page.AsSpan(0, Pfn.PageSize / 2).SequenceEqual(page.AsSpan(Pfn.PageSize / 2)));
    }

    [Fact]
    public void A_page_of_another_size_does_not_match() =>
        Assert.False(KnownPattern.Matches(Page(Seed, PatternKind.User, 0).AsSpan(0, 100), Seed, PatternKind.User, 0));

    private static byte[] Page(ulong seed, PatternKind kind, int index)
    {
        byte[] page = new byte[Pfn.PageSize];
        KnownPattern.Fill(page, seed, kind, index);
        return page;
    }
}
