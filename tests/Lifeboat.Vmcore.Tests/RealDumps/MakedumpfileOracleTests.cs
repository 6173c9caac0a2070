using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Pages;
using Lifeboat.Vmcore.Paging;
using Lifeboat.Vmcore.Tests.TestSupport;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Tests.RealDumps;

/// <summary>makedumpfile filtered the same dump at level 31: RELEASE.kdump beside RELEASE.elf.</summary>
public sealed class MakedumpfileOracleTests
{
    [Fact]
    public void The_same_pages_are_kept_as_makedumpfile_keeps()
    {
        IReadOnlyList<string> elfs = [
            .. TestDumps.Find(".elf").Where(static elf => File.Exists(Path.ChangeExtension(elf, ".kdump")))];
        Assert.SkipWhen(elfs.Count == 0, "LIFEBOAT_TEST_DUMPS names no folder with a RELEASE.elf and a RELEASE.kdump");
        foreach (string elf in elfs)
        {
            using var folder = new TemporaryFolder();
            using var source = DumpSource.Open(elf);
            string path = folder.File("out.kdump");
            DumpWriteResult result = KdumpFileWriter.Write(source, path, new DumpWriteOptions { Threads = 2 });
            Assert.Empty(result.Notices);
            using var ours = DumpSource.Open(path);
            using var theirs = DumpSource.Open(Path.ChangeExtension(elf, ".kdump"));
            Assert.Equal(theirs.EndPfn, ours.EndPfn);
            (byte[] a, byte[] b) = (new byte[4096], new byte[4096]);
            for (ulong pfn = 0; pfn < ours.EndPfn.Value; pfn++)
            {
                PageState mine = ours.GetPageState(new Pfn(pfn));
                PageState other = theirs.GetPageState(new Pfn(pfn));
                if (mine != other)
                {
                    bool isKnown = IsSlabTakenForAnonymous(source, pfn, mine, other)
                        || IsCompoundOfUnknownOrder(source, pfn, mine, other);
                    Assert.True(isKnown, $"{elf}: {new Pfn(pfn)} is {mine}, makedumpfile says {other}");
                }
                else if (mine == PageState.Present)
                {
                    Assert.Equal(4096, ours.Read(new Pfn(pfn).Address, a, out _));
                    Assert.Equal(4096, theirs.Read(new Pfn(pfn).Address, b, out _));
                    Assert.True(a.AsSpan().SequenceEqual(b), $"{elf}: {new Pfn(pfn)} has other bytes");
                }
            }
        }
    }

    /// <summary>
    /// makedumpfile 1.7.2 does not know that 6.10 made slab a page type, and takes a slab page whose freelist
    /// counters happen to set the low bit of page->mapping for a process's. We keep it, as newer makedumpfiles do.
    /// </summary>
    private static bool IsSlabTakenForAnonymous(DumpSource source, ulong pfn, PageState ours, PageState theirs)
    {
        if (ours is not (PageState.Present or PageState.Zero) || theirs != PageState.Excluded)
        {
            return false;
        }

        // A tail shares its head's fate: slabs are at most 8 pages, aligned to their size.
        for (ulong head = pfn; head + 8 > pfn; head--)
        {
            byte[] page = ReadPageStruct(source, head, out PageLayout layout);
            if (layout.SlabType.Matches(BitConverter.ToUInt32(page, layout.MapCount)))
            {
                return (BitConverter.ToUInt64(page, layout.Mapping) & 1) != 0;
            }

            if ((BitConverter.ToUInt64(page, layout.CompoundHead) & 1) == 0)
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>
    /// makedumpfile 1.7.2 does not know where kernels from 6.6 on keep a compound page's order, and keeps all of
    /// a huge page but the first.
    /// </summary>
    private static bool IsCompoundOfUnknownOrder(DumpSource source, ulong pfn, PageState ours, PageState theirs)
    {
        byte[] page = ReadPageStruct(source, pfn, out PageLayout layout);
        bool isTail = (BitConverter.ToUInt64(page, layout.CompoundHead) & 1) != 0;
        bool isHead = (BitConverter.ToUInt64(page, layout.Flags) & layout.HeadMask) != 0;
        return layout.Compound.OrderIsInFlags && (isTail || isHead)
            && ours == PageState.Excluded && theirs is PageState.Present or PageState.Zero;
    }

    private static byte[] ReadPageStruct(DumpSource source, ulong pfn, out PageLayout layout)
    {
        var keys = new PageKeys(source.Vmcoreinfo);
        layout = PageLayout.Read(keys, DumpLevel.All, [])!;
        var space = AddressSpace.OpenKernel(source);
        MemoryMap map = MemoryMap.Open(space, keys, layout.Size, [])!;
        byte[] page = new byte[layout.Size];
        Assert.True(map.TryFind(pfn, out VirtualAddress address, out _));
        Assert.Equal(page.Length, space.Read(address, page, out _));
        return page;
    }
}
