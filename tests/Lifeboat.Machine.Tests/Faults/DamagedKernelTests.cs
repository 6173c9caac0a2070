using System.Buffers.Binary;
using Lifeboat.Capture;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Paging;

namespace Lifeboat.Machine.Tests.Faults;

/// <summary>
/// Captures of a machine whose kernel has lost something that a capture reads: a whole dump of a guest (./test.sh makes it) is damaged as
/// the memory of the machine would be, and captured by the program as a capture kernel does it.
/// </summary>
public sealed class DamagedKernelTests
{
    private const string Message = "sysrq triggered crash";

    /// <summary>What is damaged, and whether pages can still be told apart.</summary>
    public static TheoryData<string, bool> Damages => new()
    {
        { "page tables", false },
        { "memory map", false },
        { "sections of the memory map", false },
        { "names of symbols", true },
        { "names of symbols and the release", true },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void Log_report_and_dump_are_saved_whatever_of_it_is_damaged(string damaged, bool filters)
    {
        using var folder = new TemporaryFolder();
        string vmcore = Damaged(folder, damaged);
        SavedCrash crash = Capture(folder, vmcore);
        Assert.Contains(Message, crash.Text(CaptureRun.LogFile), StringComparison.Ordinal);
        Assert.Equal(["log", "report", "dump"], crash.SavedTiers());
        Assert.Contains(Message, crash.Text(CaptureRun.ReportText), StringComparison.Ordinal);

        // What cannot be told apart is kept: all but the pages of zeros.
        var pages = crash.Manifest.Pages!;
        Assert.Equal(0UL, pages.Unreadable);
        if (filters)
        {
            Assert.True(pages.User > 0);
            return;
        }

        // Garbage that looks like a page of a process cannot always be told from one, and what says that the hardware has given a page up
        // is believed: reading such a page may end the capture.
        Assert.InRange(pages.Kept + pages.Zero + pages.HardwarePoison, pages.Total - (pages.Total / 500), pages.Total);
        Assert.Contains(crash.Manifest.Notices, static notice => notice.Contains("map of memory", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_log_there_are_report_and_dump()
    {
        using var folder = new TemporaryFolder();
        SavedCrash crash = Capture(folder, Damaged(folder, "log"));
        Assert.Equal(["report", "dump"], crash.SavedTiers());
        Assert.False(crash.Manifest.Complete);
        Assert.Equal("log: the log has no records", crash.Manifest.Reason);
    }

    private static SavedCrash Capture(TemporaryFolder folder, string vmcore)
    {
        TestMachine.Run(TestMachine.Program, ["capture", "--vmcore", vmcore, "--target", folder.File("crash"), "--compress", "lzo"]);
        return new SavedCrash(Assert.Single(Directory.GetDirectories(folder.File("crash"))));
    }

    private static string Damaged(TemporaryFolder folder, string what)
    {
        string vmcore = folder.File("vmcore");
        ProgramResult result = TestMachine.Run(
            TestMachine.Program, ["filter", TestMachine.WholeDump("6.1"), vmcore, "--level", "0", "--format", "elf"]);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        List<PhysicalRange> places = Places(vmcore, what);
        Assert.NotEmpty(places);
        using FileStream file = File.Open(vmcore, FileMode.Open, FileAccess.ReadWrite);
        var random = new Random(7);
        foreach (PhysicalRange place in places)
        {
            byte[] garbage = new byte[(int)place.Length.Value];
            random.NextBytes(garbage);
            file.Position = OffsetOf(file, place.Start);
            file.Write(garbage);
        }

        return vmcore;
    }

    private static List<PhysicalRange> Places(string vmcore, string what)
    {
        using DumpSource dump = DumpSource.Open(vmcore);
        var space = AddressSpace.OpenKernel(dump);
        var places = new List<PhysicalRange>();
        switch (what)
        {
            case "page tables":
                Add(places, space, Symbol(dump, "swapper_pg_dir"), Pfn.PageSize);
                break;
            case "memory map":
                VirtualAddress map = MemoryMap(dump, space, out _);
                foreach (PhysicalRange range in dump.RamRanges)
                {
                    for (ulong pfn = range.Start.Pfn.Value; pfn < range.End.Pfn.Value; pfn += 64)
                    {
                        Add(places, space, map + new ByteCount(pfn * 64), Pfn.PageSize);
                    }
                }

                break;
            case "sections of the memory map":
                _ = MemoryMap(dump, space, out VirtualAddress sections);
                Add(places, space, sections, Pfn.PageSize);
                break;
            case "log":
                Add(places, space, Symbol(dump, "printk_rb_static"), 88);
                break;
            default:
                Add(places, space, Symbol(dump, "kallsyms_token_table"), 512);
                Add(places, space, Symbol(dump, "kallsyms_names"), 256 << 10);
                Add(places, space, Symbol(dump, "kallsyms_offsets"), 256 << 10);
                if (what.EndsWith("release", StringComparison.Ordinal))
                {
                    Add(places, space, Symbol(dump, "init_uts_ns"), 390);
                }

                break;
        }

        return places;
    }

    private static VirtualAddress Symbol(DumpSource dump, string name)
    {
        Assert.True(dump.Vmcoreinfo.TryGetSymbol(name, out VirtualAddress address), name);
        return address;
    }

    // vmemmap, of which every section has its part: a section holds the address of page 0 and flags in the low bits.
    private static VirtualAddress MemoryMap(DumpSource dump, AddressSpace space, out VirtualAddress sections)
    {
        const ulong Flags = 0x3f;
        sections = new VirtualAddress(Word(space, Symbol(dump, "mem_section")));
        return new VirtualAddress(Word(space, sections) & ~Flags);
    }

    private static ulong Word(AddressSpace space, VirtualAddress address)
    {
        byte[] bytes = new byte[8];
        Assert.Equal(bytes.Length, space.Read(address, bytes, out _));
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    private static void Add(List<PhysicalRange> places, AddressSpace space, VirtualAddress start, int length)
    {
        while (length > 0)
        {
            Assert.True(space.TryTranslate(start, out PhysicalAddress physical, out ByteCount contiguous, out _), $"{start}");
            int here = (int)Math.Min((ulong)length, contiguous.Value);
            places.Add(PhysicalRange.FromLength(physical, new ByteCount((ulong)here)));
            start += new ByteCount((ulong)here);
            length -= here;
        }
    }

    // By the file's program headers (PT_LOAD).
    private static long OffsetOf(FileStream file, PhysicalAddress address)
    {
        byte[] head = new byte[64 + (56 * 64)];
        file.Position = 0;
        _ = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        for (int i = 0; i < BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(56)); i++)
        {
            ReadOnlySpan<byte> header = head.AsSpan(64 + (56 * i), 56);
            ulong start = BinaryPrimitives.ReadUInt64LittleEndian(header[24..]);
            ulong length = BinaryPrimitives.ReadUInt64LittleEndian(header[32..]);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header) == 1 && address.Value >= start && address.Value - start < length)
            {
                return (long)(BinaryPrimitives.ReadUInt64LittleEndian(header[8..]) + (address.Value - start));
            }
        }

        Assert.Fail($"{address} is not in the dump");
        return 0;
    }
}
