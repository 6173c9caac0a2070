using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Elf;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Tests.TestSupport;

/// <summary>
/// Uses a dump that may be damaged in every way there is, and sees that it ends in values or in a diagnostic that says
/// everything, with memory within limits. Whatever else is thrown reaches the test.
/// </summary>
internal static class DumpProbe
{
    /// <summary>
    /// Reads that one use may take: some for every page that is believed of a dump, and for every section that a kernel
    /// may have when its map of memory is looked for and not there.
    /// </summary>
    internal const long MostReads = 1 << 21;

    private const long MostAllocated = 2 << 20;
    private const int MostPages = 1 << 13;

    [ThreadStatic]
    private static PageState[]? _states;

    /// <summary>Small, so that no header can make the tests long.</summary>
    internal static DumpLimits Limits { get; } = new()
    {
        MaxPfn = MostPages,
        MaxNoteBytes = 1 << 16,
        MaxVmcoreinfoBytes = 1 << 14,
        MaxProgramHeaders = 1 << 10,
        MaxFlattenedRecords = 1 << 12,
        MaxSplitParts = 8,
    };

    internal static MemoryFile FileOf(byte[] bytes, int length, bool tellsLength = true) =>
        new(bytes, length, tellsLength) { MostReads = MostReads };

    /// <summary>Opens a file as it is.</summary>
    internal static DumpSource Open(byte[] bytes) => Open(bytes, bytes.Length);

    internal static DumpSource Open(byte[] bytes, int length, long mostReads = MostReads) =>
        DumpFormatDetector.Open(new MemoryFile(bytes, length) { MostReads = mostReads }, Limits);

    /// <summary>Opens and uses a dump; returns whether it could be opened.</summary>
    /// <param name="open">Opens it.</param>
    /// <param name="filter">Filters it as well: which seed chooses the format; null for not at all.</param>
    internal static bool Survives(Func<DumpSource> open, int? filter = null)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool isOpen = false;
        try
        {
            using DumpSource dump = open();
            isOpen = true;
            Look(dump);
            if (filter is { } seed)
            {
                Filter(dump, seed);
            }
        }
        catch (DumpFormatException e)
        {
            foreach (Diagnostic diagnostic in e.Diagnostics)
            {
                bool saysAll = diagnostic is { What.Length: > 0, Where.Length: > 0, Found.Length: > 0, Expected.Length: > 0 };
                Assert.True(saysAll && diagnostic.Id.Number is > 2000 and < 3000, $"a diagnostic lacks something: {diagnostic}");
            }
        }
        catch (KernelInterfaceException e)
        {
            Assert.NotEqual(Errno.None, e.Errno);
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < MostAllocated, $"{allocated} bytes were allocated");
        return isOpen;
    }

    private static void Look(DumpSource dump)
    {
        _ = dump.FormatName;
        _ = dump.HeaderUtsName;
        Assert.InRange(dump.Notes.Length, 0, Limits.MaxNoteBytes);
        _ = ElfNotes.CountProcessStatus(dump.Notes.Span);
        _ = dump.Vmcoreinfo.OsRelease;
        _ = dump.Vmcoreinfo.PageSize;
        _ = dump.Vmcoreinfo.KernelOffset;
        Assert.InRange(dump.EndPfn.Value, 0UL, (ulong)MostPages);
        CheckRanges(dump);

        // Beyond the last page, too.
        Span<PageState> states = (_states ??= new PageState[MostPages + 1]).AsSpan(0, (int)dump.EndPfn.Value + 1);
        dump.GetPageStates(new Pfn(0), states);
        Assert.Equal(PageState.NotRam, states[^1]);
        dump.GetPageStates(new Pfn(ulong.MaxValue >> 12), states[^1..]);
        for (int pfn = 0, sampled = 0; pfn < states.Length && sampled < 24; pfn++)
        {
            if (states[pfn] is PageState.Present or PageState.Zero || (pfn & 0xff) == 0)
            {
                sampled++;
                CheckPage(dump, new Pfn((ulong)pfn), states[pfn]);
            }
        }

        foreach (Diagnostic diagnostic in dump.Diagnostics)
        {
            Assert.InRange(diagnostic.Id.Number, 2001, 2999);
            Assert.NotEmpty(diagnostic.What);
        }
    }

    private static void CheckRanges(DumpSource dump)
    {
        ulong end = 0;
        foreach (PhysicalRange range in dump.RamRanges)
        {
            Assert.True(range.Start.Value >= end && range.End.Value > range.Start.Value, "ranges are out of order");
            end = range.End.Value;
        }

        Assert.True(end <= dump.EndPfn.Address.Value, "a range reaches beyond the end");
    }

    private static void CheckPage(DumpSource dump, Pfn pfn, PageState state)
    {
        Span<byte> page = stackalloc byte[Pfn.PageSize];
        int read = dump.Read(pfn.Address, page, out MemoryFault fault);
        Assert.True((read == page.Length) == (fault == MemoryFault.None), "a read ended early and named no fault");
        Assert.True(dump.GetPageState(pfn) == state, "one page and many give two answers");
        if (state == PageState.Zero && read == page.Length)
        {
            Assert.False(page.ContainsAnyExcept((byte)0), "a page of zeros has other bytes");
        }
        else if (state is PageState.Excluded or PageState.NotRam && (pfn.Address.Value & 0xfff) == 0)
        {
            Assert.True(read < page.Length, "a page that is not there was read");
        }
    }

    private static void Filter(DumpSource dump, int seed)
    {
        // Raw pages and records: nothing makes it longer.
        using var stream = new MeasuredStream((MostPages * 5000L) + (8 << 20));
        var options = new DumpWriteOptions
        {
            Compression = (DumpCompression)(seed % 5),
            MaxSize = seed % 3 == 0 ? new ByteCount(50_000) : null,
        };
        if (seed % 4 == 0)
        {
            ElfFileWriter.WriteFlattened(dump, stream, options);
        }
        else
        {
            KdumpFileWriter.WriteFlattened(dump, stream, options);
        }
    }
}
