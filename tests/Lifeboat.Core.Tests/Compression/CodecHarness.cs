namespace Lifeboat.Core.Tests.Compression;

/// <summary>What must hold for each codec.</summary>
internal static class CodecHarness
{
    internal delegate int Coder(ReadOnlySpan<byte> source, Span<byte> target);

    internal static byte[] Pack(Coder compress, byte[] source)
    {
        byte[] target = new byte[source.Length + (source.Length / 6) + 100];
        int length = compress(source, target);
        Assert.InRange(length, 1, target.Length);
        return target[..length];
    }

    internal static byte[] Unpack(Coder decompress, byte[] packed, int length)
    {
        byte[] target = new byte[length];
        Assert.Equal(length, decompress(packed, target));
        return target;
    }

    /// <summary>
    /// What fits exactly is written. With one byte less it is refused, or packed otherwise: literals can be shorter than a poor
    /// match. Nothing is written beyond the target.
    /// </summary>
    internal static void KeepsWithinItsTarget(Coder compress, Coder decompress)
    {
        foreach (byte[] page in SamplePages.All().Where(static page => page.Length is > 200 and <= 4097))
        {
            byte[] packed = Pack(compress, page);
            byte[] shorter = new byte[packed.Length - 1];
            int length = compress(page, shorter);
            Assert.True(length == 0 || Unpack(decompress, shorter[..length], page.Length).SequenceEqual(page));
            Assert.Equal(0, compress(page, []));
            byte[] guarded = new byte[packed.Length + 64];
            Assert.InRange(compress(page, guarded.AsSpan(0, packed.Length / 2)), 0, 0);
            Assert.False(guarded.AsSpan(packed.Length / 2).ContainsAnyExcept((byte)0));
            Assert.Equal(-1, decompress(packed, new byte[page.Length - 1]));
            Assert.Equal(-1, decompress(packed.AsSpan(0, packed.Length - 1), new byte[page.Length]));
        }
    }

    /// <summary>Damaged input ends in a value and agrees with a reference where there is one.</summary>
    internal static void SurvivesDamage(
        Coder compress, Coder decompress, int rounds, Func<byte[], int, byte[]?>? reference = null)
    {
        byte[][] samples = [.. SamplePages.All().Where(static page => page.Length is > 0 and <= 4096).Select(page => Pack(compress, page))];
        var random = new Random(11);
        byte[] target = new byte[4096];
        int valid = 0;
        for (int i = 0; i < rounds; i++)
        {
            byte[] bad = (byte[])samples[random.Next(samples.Length)].Clone();
            for (int change = random.Next(4); change >= 0; change--)
            {
                int place = random.Next(random.Next(3) == 0 ? bad.Length : Math.Min(bad.Length, 64));
                bad[place] = random.Next(3) switch { 0 => (byte)(bad[place] ^ (1 << random.Next(8))), 1 => 0, _ => (byte)random.Next(256) };
            }

            if (random.Next(5) == 0)
            {
                bad = bad[..random.Next(bad.Length)];
            }

            int length = decompress(bad, target);
            Assert.InRange(length, -1, target.Length);
            valid += length >= 0 ? 1 : 0;
            if (reference is not null)
            {
                byte[]? expected = reference(bad, target.Length);
                Assert.Equal(expected is null ? -1 : expected.Length, length);
                Assert.True(expected is null || expected.AsSpan().SequenceEqual(target.AsSpan(0, length)));
            }
        }

        Assert.InRange(valid, 1, rounds - 1);
    }

    internal static void AllocatesNothing(Coder compress, Coder decompress)
    {
        byte[] page = [.. SamplePages.All().Skip(60).First(static page => page.Length == 4096)];
        byte[] packed = new byte[8192];
        byte[] target = new byte[4096];

        // What a page allocates shows in every round. The runtime allocates too, once, on the thread for which it compiles a loop
        // anew: a table of handles of 992 entries, for one.
        long least = long.MaxValue;
        for (int round = 0; round < 5; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++)
            {
                int length = compress(page, packed);
                decompress(packed.AsSpan(0, length), target);
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }
}
