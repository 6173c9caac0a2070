using System.Runtime.InteropServices;
using Lifeboat.Core.Memory;

namespace Lifeboat.Drill.Inside;

/// <summary>The bytes of one page that the guest writes and the host expects: a function of seed, kind and number.</summary>
public static class KnownPattern
{
    /// <summary>Fills a page.</summary>
    /// <param name="page">The page, <see cref="Pfn.PageSize"/> bytes.</param>
    /// <param name="seed">Chosen anew for each drill, so that an old dump cannot pass for a new one.</param>
    /// <param name="kind">What kind of memory the page is in.</param>
    /// <param name="index">The page's number within its kind.</param>
    public static void Fill(Span<byte> page, ulong seed, PatternKind kind, int index)
    {
        Span<ulong> words = MemoryMarshal.Cast<byte, ulong>(page);
        ulong state = unchecked(seed ^ ((ulong)kind << 56) ^ ((ulong)(uint)index << 20));

        // Half of each page repeats, so that a page is neither zero nor noise for the compressor.
        int noise = words.Length / 2;
        for (int word = 0; word < words.Length; word++)
        {
            words[word] = word < noise ? Mix(unchecked(state + (ulong)word)) : words[word - noise];
        }
    }

    /// <summary>Whether a page holds just the bytes that <see cref="Fill"/> would write.</summary>
    public static bool Matches(ReadOnlySpan<byte> page, ulong seed, PatternKind kind, int index)
    {
        Span<byte> expected = stackalloc byte[Pfn.PageSize];
        Fill(expected, seed, kind, index);
        return page.SequenceEqual(expected);
    }

    // The finalizer of SplitMix64: any change of the input changes about half of the output's bits.
    private static ulong Mix(ulong value)
    {
        unchecked
        {
            value += 0x9E3779B97F4A7C15;
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
            return value ^ (value >> 31);
        }
    }
}
