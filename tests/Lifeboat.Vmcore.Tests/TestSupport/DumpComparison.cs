using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Tests.TestSupport;

/// <summary>Compares dumps page by page.</summary>
internal static class DumpComparison
{
    /// <summary>
    /// Every page that the first dump has is the same in the second; returns how many. Pages that both lack are in
    /// the same state unless the second is of a format that cannot tell.
    /// </summary>
    internal static ulong SamePages(DumpSource one, DumpSource other, bool sameStates = true)
    {
        ulong count = 0;
        (byte[] a, byte[] b) = (new byte[4096], new byte[4096]);
        for (ulong pfn = 0; pfn < one.EndPfn.Value; pfn++)
        {
            PageState state = one.GetPageState(new Pfn(pfn));
            if (sameStates)
            {
                Assert.Equal(state, other.GetPageState(new Pfn(pfn)));
            }

            if (state is PageState.Present or PageState.Zero)
            {
                Assert.Equal(4096, one.Read(new Pfn(pfn).Address, a, out _));
                Assert.Equal(4096, other.Read(new Pfn(pfn).Address, b, out _));
                Assert.True(a.AsSpan().SequenceEqual(b), $"{new Pfn(pfn)} has other bytes");
                count++;
            }
        }

        return count;
    }
}
