using FsCheck;
using FsCheck.Fluent;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Erasing;

namespace Lifeboat.Vmcore.Tests.Erasing;

public sealed class DumpEraserTests
{
    private const int Space = 4 * Pfn.PageSize;

    [Fact]
    public void Of_any_ranges_each_byte_within_is_overwritten_and_no_other() => Prop.ForAll<(int Start, int Length)[]>(pieces =>
    {
        var ranges = new List<ErasedRange>();
        byte[] expected = Memory();
        foreach ((int start, int length) in pieces)
        {
            int first = (start & int.MaxValue) % Space;
            int count = (length & int.MaxValue) % (Space - first);
            ranges.Add(Range(first, count));
            expected.AsSpan(first, count).Fill(DumpEraser.Fill);
        }

        var eraser = new DumpEraser(ranges, []);
        byte[] memory = Memory();
        byte[] copy = new byte[Pfn.PageSize];
        for (int page = 0; page < Space; page += Pfn.PageSize)
        {
            ReadOnlySpan<byte> before = memory.AsSpan(page, Pfn.PageSize);
            ReadOnlySpan<byte> after = eraser.Clean(new PhysicalAddress((ulong)page), before, copy);
            Assert.True(after.SequenceEqual(expected.AsSpan(page, Pfn.PageSize)));
        }

        // The source stays as it was: it may be a mapped file.
        Assert.Equal(Memory(), memory);
        Assert.Equal((ulong)expected.Count(static value => value == DumpEraser.Fill), eraser.Bytes.Value);
        Assert.All(ranges, range => Assert.True(eraser.Covers(range.Range)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_page_without_a_range_is_given_back_as_it_is()
    {
        var eraser = new DumpEraser([Range(0, 16), Range(3 * Pfn.PageSize, 16)], []);
        byte[] page = new byte[Pfn.PageSize];
        Assert.True(eraser.Clean(new PhysicalAddress(Pfn.PageSize), page, default) == page);
    }

    [Fact]
    public void A_range_that_is_half_erased_is_not_covered()
    {
        var eraser = new DumpEraser([Range(100, 50), Range(150, 10)], []);
        Assert.True(eraser.Covers(Range(120, 40).Range));
        Assert.False(eraser.Covers(Range(120, 41).Range));
        Assert.False(eraser.Covers(Range(99, 2).Range));
    }

    [Fact]
    public void Addresses_up_to_the_last_are_no_overflow()
    {
        const ulong LastPage = ulong.MaxValue - Pfn.PageSize + 1;
        var range = new ErasedRange("x", new PhysicalRange(new PhysicalAddress(LastPage + 8), new PhysicalAddress(ulong.MaxValue)));
        byte[] copy = new byte[Pfn.PageSize];
        ReadOnlySpan<byte> page = new DumpEraser([range], []).Clean(new PhysicalAddress(LastPage), new byte[Pfn.PageSize], copy);
        Assert.Equal((0, DumpEraser.Fill, 0), (page[7], page[8], page[^1]));
    }

    private static byte[] Memory()
    {
        byte[] memory = new byte[Space];
        for (int i = 0; i < memory.Length; i++)
        {
            memory[i] = (byte)(i % 80);
        }

        return memory;
    }

    private static ErasedRange Range(int start, int length) =>
        new("x", PhysicalRange.FromLength(new PhysicalAddress((ulong)start), new ByteCount((ulong)length)));
}
