using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Vmcore.Tests.Elf;

public sealed class ElfDumpSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Reads_memory_across_segments_that_touch()
    {
        using DumpSource dump = Open(new ElfWriter()
            .AddSegment(0x1000, Pattern(0x2000, 1)).AddSegment(0x3000, Pattern(0x1000, 2)));
        Assert.Equal([new PhysicalRange(new(0x1000), new(0x4000))], dump.RamRanges);
        byte[] bytes = new byte[0x20];
        Assert.Equal(0x20, dump.Read(new PhysicalAddress(0x2ff0), bytes, out MemoryFault fault));
        Assert.Equal(MemoryFault.None, fault);
        Assert.Equal(Pattern(0x2000, 1)[0x1ff0..], bytes[..0x10]);
        Assert.Equal(Pattern(0x1000, 2)[..0x10], bytes[0x10..]);
        Assert.Equal(PageState.NotRam, dump.GetPageState(new Pfn(0)));
        Assert.Equal(PageState.Present, dump.GetPageState(new Pfn(3)));
        Assert.Equal(PageState.NotRam, dump.GetPageState(new Pfn(4)));
        Assert.Equal(new Pfn(4), dump.EndPfn);
    }

    [Fact]
    public void Reading_stops_at_a_hole_with_a_fault()
    {
        using DumpSource dump = Open(new ElfWriter()
            .AddSegment(0x1000, Pattern(0x1000, 1)).AddSegment(0x8000, Pattern(0x1000, 2)));
        Assert.Equal(0x10, dump.Read(new PhysicalAddress(0x1ff0), new byte[0x40], out MemoryFault fault));
        Assert.Equal(new MemoryFault(0x2000, MemoryFaultReason.Unmapped), fault);
        Assert.Equal(0, dump.Read(new PhysicalAddress(ulong.MaxValue), new byte[2], out fault));
        Assert.Equal(MemoryFaultReason.Unmapped, fault.Reason);
    }

    [Fact]
    public void A_segment_that_repeats_a_part_of_another_is_no_second_memory()
    {
        byte[] ram = Pattern(0x4000, 3);
        using DumpSource dump = Open(new ElfWriter().AddSegment(0x2000, ram[0x1000..0x2000]).AddSegment(0x1000, ram));
        Assert.Equal([new PhysicalRange(new(0x1000), new(0x5000))], dump.RamRanges);
        byte[] bytes = new byte[0x4000];
        Assert.Equal(bytes.Length, dump.Read(new PhysicalAddress(0x1000), bytes, out _));
        Assert.Equal(ram, bytes);
    }

    [Fact]
    public void Memory_that_the_file_leaves_out_is_excluded()
    {
        using DumpSource dump = Open(new ElfWriter().AddSegment(0x1000, Pattern(0x1000, 1), memorySize: 0x3000));
        Assert.Equal(PageState.Excluded, dump.GetPageState(new Pfn(2)));
        Assert.Equal(0, dump.Read(new PhysicalAddress(0x2000), new byte[1], out MemoryFault fault));
        Assert.Equal(MemoryFaultReason.Excluded, fault.Reason);
        Assert.False(dump.IsIncomplete);
    }

    [Fact]
    public void A_truncated_file_gives_what_it_has_and_says_so()
    {
        byte[] file = new ElfWriter().AddSegment(0x1000, Pattern(0x3000, 1)).ToArray();
        using var dump = DumpSource.Open(_folder.Write("cut", file[..^0x1800]));
        Assert.True(dump.IsIncomplete);
        Assert.Equal(VmcoreDiagnosticIds.Truncated, Assert.Single(dump.Diagnostics).Id);
        Assert.Equal(PageState.Present, dump.GetPageState(new Pfn(1)));
        Assert.Equal(PageState.Truncated, dump.GetPageState(new Pfn(3)));
        Assert.Equal(0x1800, dump.Read(new PhysicalAddress(0x1000), new byte[0x3000], out MemoryFault fault));
        Assert.Equal(new MemoryFault(0x2800, MemoryFaultReason.Truncated), fault);
    }

    [Fact]
    public void More_program_headers_than_sixteen_bits_count_are_read()
    {
        var writer = new ElfWriter { UseExtendedCount = true };
        for (ulong i = 0; i < 66_000; i++)
        {
            writer.AddSegment(i * 0x2000, [(byte)i]);
        }

        using DumpSource dump = Open(writer);
        Assert.Equal(66_000, dump.RamRanges.Count);
        byte[] one = new byte[1];
        Assert.Equal(1, dump.Read(new PhysicalAddress(65_999UL * 0x2000), one, out _));
        Assert.Equal(65_999 & 0xff, one[0]);
    }

    [Fact]
    public void Notes_and_vmcoreinfo_are_found()
    {
        using DumpSource dump = Open(new ElfWriter()
            .AddNote("CORE", 1, new byte[336])
                .AddNote("VMCOREINFO", 0, "OSRELEASE=6.1\n"u8).AddSegment(0, new byte[4096]));
        Assert.Equal("6.1", dump.Vmcoreinfo.OsRelease);
        Assert.Equal((12 + 8 + 336) + 12 + 12 + 16, dump.Notes.Length);
    }

    [Fact]
    public void A_dump_without_vmcoreinfo_has_an_empty_one()
    {
        using DumpSource dump = Open(new ElfWriter().AddSegment(0, new byte[4096]));
        Assert.True(dump.Vmcoreinfo.IsEmpty);
    }

    [Fact]
    public void Rejects_more_program_headers_than_the_limit()
    {
        string path = _folder.Write("many",
            new ElfWriter().AddSegment(0, new byte[16]).AddSegment(64, new byte[16]).ToArray());
        DumpFormatException e = Assert.Throws<DumpFormatException>(
            () => DumpSource.Open(path, new DumpLimits { MaxProgramHeaders = 2 }));
        Assert.Equal(VmcoreDiagnosticIds.BeyondLimit, e.Diagnostics[0].Id);
    }

    [Fact]
    public void Rejects_notes_larger_than_the_limit_before_reading_them()
    {
        string path = _folder.Write("notes", new ElfWriter().AddNote("CORE", 1, new byte[4096]).ToArray());
        Assert.Throws<DumpFormatException>(() => DumpSource.Open(path, new DumpLimits { MaxNoteBytes = 1024 }));
    }

    [Fact]
    public void Rejects_what_is_no_dump_by_name_of_what_it_is()
    {
        Assert.Contains("empty", Fails([]).Diagnostics[0].ToString(), StringComparison.Ordinal);
        Assert.Contains("flattened", Fails([.. "makedumpfile\0\0\0\0"u8]).Message, StringComparison.Ordinal);
        Assert.Equal(VmcoreDiagnosticIds.UnknownFormat, Fails([.. "hello, world"u8]).Diagnostics[0].Id);
        Assert.Equal(VmcoreDiagnosticIds.Truncated, Fails([.. "\x7f"u8, .. "ELF"u8]).Diagnostics[0].Id);
        Assert.Equal(
            Errno.ENOENT, Assert.Throws<KernelInterfaceException>(() => DumpSource.Open(_folder.File("none"))).Errno);
    }

    private static byte[] Pattern(int length, byte seed)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private DumpFormatException Fails(byte[] file) =>
        Assert.Throws<DumpFormatException>(() => DumpSource.Open(_folder.Write("bad", file)));

    private DumpSource Open(ElfWriter writer) => DumpSource.Open(_folder.Write("dump", writer.ToArray()));
}
