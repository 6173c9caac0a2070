using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.IO;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Elf;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Vmcore.Tests.Elf;

public sealed class KcoreTests : IDisposable
{
    private const ulong DirectMap = 0xffff_9180_0000_0000;
    private const ulong Nowhere = ulong.MaxValue;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Memory_is_read_through_the_direct_map()
    {
        using var dump = DumpSource.Open(_folder.Write("kcore", Kcore().ToArray()));
        Assert.True(dump.IsLive);
        Assert.Equal("ELF, the memory of a running machine", dump.FormatName);
        Assert.Null(dump.FileSize);
        Assert.False(dump.IsIncomplete);
        Assert.Empty(dump.Diagnostics);
        Assert.Equal("6.1", dump.Vmcoreinfo.OsRelease);
        Assert.Equal(
            [new PhysicalRange(new(0x1000), new(0x5000)), new PhysicalRange(new(0x10_0000), new(0x11_0000))],
            dump.RamRanges);
        Assert.Equal(new Pfn(0x110), dump.EndPfn);
        byte[] bytes = new byte[8];
        Assert.Equal(8, dump.Read(new PhysicalAddress(0x10_2000), bytes, out _));
        Assert.All(bytes, value => Assert.Equal(5, value));
        Assert.Equal(PageState.Present, dump.GetPageState(new Pfn(0x102)));
        Assert.Equal(PageState.NotRam, dump.GetPageState(new Pfn(0x50)));
        Assert.Equal(0, dump.Read(new PhysicalAddress(0x5000), bytes, out MemoryFault fault));
        Assert.Equal(MemoryFaultReason.Unmapped, fault.Reason);
        Assert.Equal(20UL, PageStateCounts.Of(dump, TestContext.Current.CancellationToken).Present);
    }

    [Fact]
    public void A_kernel_that_tells_no_physical_addresses_is_refused_by_name()
    {
        var writer = new ElfWriter()
            .AddSegment(0, new byte[0x1000], virtualAddress: DirectMap)
            .AddSegment(0, new byte[0x1000], virtualAddress: 0xffff_ffff_8100_0000);
        DumpFormatException refused = Assert.Throws<DumpFormatException>(
            () => DumpSource.Open(_folder.Write("kcore", writer.ToArray())));
        Assert.Equal(VmcoreDiagnosticIds.Unsupported, refused.Diagnostics[0].Id);
    }

    [Fact]
    public void A_page_that_the_kernel_will_not_give_is_a_fault_after_those_before_it()
    {
        using var file = new LiveFile(new FailingFile(badPage: 3));
        byte[] bytes = new byte[0x6000];
        Assert.Equal(0x2f00, file.Read(new FileOffset(0x100), bytes, out Errno error));
        Assert.Equal(Errno.EFAULT, error);
        Assert.Equal(0x1000, file.Read(new FileOffset(0x4000), bytes.AsSpan(0, 0x1000), out error));
        Assert.Equal(Errno.None, error);
    }

    // The image has a segment of its own, where freed memory reads as zeros; vmalloc and vmemmap are nowhere.
    private static ElfWriter Kcore()
    {
        byte[] ram = new byte[0x1_0000];
        ram.AsSpan().Fill(5);
        return new ElfWriter()
            .AddNote("CORE", 1, new byte[336])
            .AddNote("VMCOREINFO", 0, "OSRELEASE=6.1\n"u8)
            .AddSegment(0x10_1000, new byte[0x3000], virtualAddress: 0xffff_ffff_8100_0000)
            .AddSegment(Nowhere, new byte[0x2_0000], virtualAddress: 0xffff_a900_0000_0000)
            .AddSegment(0x1000, new byte[0x4000], virtualAddress: DirectMap + 0x1000)
            .AddSegment(Nowhere, new byte[0x1000], virtualAddress: 0xffff_ea00_0000_0000)
            .AddSegment(0x10_0000, ram, virtualAddress: DirectMap + 0x10_0000);
    }

    /// <summary>A file that, as /proc/kcore, fails a read as a whole when one of its pages cannot be read.</summary>
    private sealed class FailingFile(ulong badPage) : IRandomAccessFile
    {
        public string Path => "kcore";

        public ByteCount? Length => new ByteCount(0x10_0000);

        public int Read(FileOffset offset, Span<byte> destination, out Errno error)
        {
            ulong first = offset.Value / 4096;
            ulong last = (offset.Value + (ulong)destination.Length - 1) / 4096;
            error = first <= badPage && badPage <= last ? Errno.EFAULT : Errno.None;
            return error == Errno.None ? destination.Length : 0;
        }

        public void Dispose()
        {
        }
    }
}
