using FsCheck;
using FsCheck.Fluent;
using Lifeboat.Core.Memory;
using Lifeboat.Symbols.Tests.TestSupport;

namespace Lifeboat.Symbols.Tests;

public sealed class LazyBytesTests
{
    private const int Size = 40_000;

    [Fact]
    public void Any_stretch_reads_as_it_lies_there_however_few_pages_are_kept()
    {
        byte[] bytes = new byte[Size];
        new Random(1).NextBytes(bytes);
        var memory = new ImageMemory(bytes);
        var gen = from start in Gen.Choose(0, Size - 1)
                  from length in Gen.Choose(0, Size - start)
                  from kept in Gen.Choose(1, 12)
                  from offset in Gen.Choose(0, length)
                  from count in Gen.Choose(0, length - offset)
                  select (start, length, kept, offset, count);
        Prop.ForAll(gen.ToArbitrary(), sample =>
        {
            (int start, int length, int kept, int offset, int count) = sample;
            var place = new VirtualAddress(ImageMemory.Start + (ulong)start);
            var lazy = new LazyBytes(memory.Space, place, length, kept);
            for (int round = 0; round < 2; round++)
            {
                if (!lazy.TryGet(offset, count, out ReadOnlySpan<byte> found)
                    || !found.SequenceEqual(bytes.AsSpan(start + offset, count))
                    || lazy.TryGet(offset, length - offset + 1, out _) || lazy.TryGet(-1, 1, out _))
                {
                    return false;
                }
            }

            return true;
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(4095, 1, 1)]
    [InlineData(100, 9000, 2)]
    [InlineData(8191, 20_000, 3)]
    public void A_part_reads_as_it_lies_in_the_whole_with_few_pages_of_its_own(int lead, int offset, int kept)
    {
        byte[] bytes = new byte[Size];
        new Random(2).NextBytes(bytes);
        int length = Size - lead - offset - 7;
        LazyBytes part = new LazyBytes(new ImageMemory(bytes).Space, new VirtualAddress(ImageMemory.Start + (ulong)lead), Size - lead)
            .Part(offset, length, kept);
        Assert.Equal(length, part.Length);
        for (int round = 0; round < 2; round++)
        {
            for (int at = 0; at + 10 <= length; at += 997)
            {
                Assert.True(part.TryGet(at, 10, out ReadOnlySpan<byte> found));
                Assert.True(found.SequenceEqual(bytes.AsSpan(lead + offset + at, 10)));
            }
        }

        Assert.False(part.TryGet(length - 9, 10, out _));
    }

    [Fact]
    public void An_unreadable_page_costs_only_what_lies_in_it()
    {
        var memory = new ImageMemory(new byte[5 * 4096]);
        _ = memory.UnreadablePages.Add(2);
        var lazy = new LazyBytes(memory.Space, new VirtualAddress(ImageMemory.Start + 100), (5 * 4096) - 100);
        Assert.True(lazy.TryGet((2 * 4096) - 100 - 8, 8, out _));
        Assert.False(lazy.TryGet((2 * 4096) - 100 - 8, 9, out _));
        Assert.Equal(MemoryFaultReason.Excluded, lazy.Fault.Reason);
        Assert.True(lazy.TryGet((3 * 4096) - 100, 4096, out _));
        Assert.False(lazy.TryGetRest((2 * 4096) + 5, out _));
    }
}
