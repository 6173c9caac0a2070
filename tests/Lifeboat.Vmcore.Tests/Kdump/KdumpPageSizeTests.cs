using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Split;
using Lifeboat.Vmcore.Tests.TestSupport;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Tests.Kdump;

public sealed class KdumpPageSizeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(8192)]
    [InlineData(16384)]
    [InlineData(65536)]
    public void A_frame_of_4_KiB_is_what_its_page_is(int size)
    {
        using var dump = DumpSource.Open(_folder.Write("kdump", Sample(size, size).ToArray()));
        int frames = size / 4096;
        Assert.Equal(new Pfn(9UL * (ulong)frames), dump.EndPfn);
        Assert.Equal(
            [
                new PhysicalRange(new((ulong)(2 * size)), new((ulong)(6 * size))),
                new PhysicalRange(new((ulong)(8 * size)), new((ulong)(9 * size))),
            ],
            dump.RamRanges);
        for (int frame = 0; frame < 9 * frames; frame++)
        {
            PageState expected = (frame / frames) switch
            {
                2 or 3 or 5 or 8 => PageState.Present,
                4 => PageState.Excluded,
                _ => PageState.NotRam,
            };
            Assert.Equal(expected, dump.GetPageState(new Pfn((ulong)frame)));
        }

        // Across pages, in the middle of one, and up to one that was left out.
        byte[] bytes = new byte[(2 * size) - 100];
        Assert.Equal(bytes.Length, dump.Read(new PhysicalAddress((ulong)((2 * size) + 100)), bytes, out _));
        Assert.Equal([.. Bytes(size, 2)[100..], .. Bytes(size, 3)], bytes);
        Assert.Equal(4096, dump.Read(new PhysicalAddress((ulong)((6 * size) - 4096)), new byte[8192], out MemoryFault fault));
        Assert.Equal(MemoryFaultReason.Unmapped, fault.Reason);
        Assert.Equal(0, dump.Read(new PhysicalAddress((ulong)((4 * size) + 5000)), bytes, out fault));
        Assert.Equal(MemoryFaultReason.Excluded, fault.Reason);
        var counts = PageStateCounts.Of(dump, TestContext.Current.CancellationToken);
        Assert.Equal(((ulong)(4 * frames), (ulong)frames), (counts.Present, counts.Excluded));
        Assert.Equal(
            new DumpCheckResult((ulong)(4 * frames), 0, MemoryFault.None),
            DumpCheck.Run(dump, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_dump_of_larger_pages_is_not_written_anew()
    {
        using var dump = DumpSource.Open(_folder.Write("kdump", Sample(65536, 65536).ToArray()));
        foreach (Action write in (Action[])[
            () => KdumpFileWriter.Write(dump, _folder.File("out"), new DumpWriteOptions()),
            () => ElfFileWriter.Write(dump, _folder.File("out"), new DumpWriteOptions()),
            () => KdumpFileWriter.WriteFlattened(dump, Stream.Null, new DumpWriteOptions())])
        {
            DumpFormatException refused = Assert.Throws<DumpFormatException>(write);
            Assert.Equal(VmcoreDiagnosticIds.Unsupported, refused.Diagnostics[0].Id);
            Assert.False(File.Exists(_folder.File("out")));
        }
    }

    [Fact]
    public void Large_blocks_of_a_kernel_with_small_pages_are_written_as_small_ones()
    {
        using var dump = DumpSource.Open(_folder.Write("kdump", Sample(65536, 4096).ToArray()));
        KdumpFileWriter.Write(dump, _folder.File("out"), new DumpWriteOptions { Level = DumpLevel.Zero });
        using var written = DumpSource.Open(_folder.File("out"));
        Assert.Equal(64UL, DumpComparison.SamePages(dump, written, sameStates: false));
    }

    [Fact]
    public void Parts_with_large_pages_are_one_dump_and_can_be_joined()
    {
        BlockedKdump sample = Sample(16384, 16384);
        using var whole = DumpSource.Open(_folder.Write("whole", sample.ToArray()));
        string[] parts =
        [
            _folder.Write("2", sample.ToArray((3, 9))), _folder.Write("1", sample.ToArray((0, 3))),
        ];
        using (var split = DumpSource.Open(parts))
        {
            Assert.False(split.IsIncomplete);
            Assert.Equal(16UL, DumpComparison.SamePages(whole, split));
        }

        SplitDump.Join(parts, _folder.File("joined"), cancellationToken: TestContext.Current.CancellationToken);
        using var joined = DumpSource.Open(_folder.File("joined"));
        Assert.Equal(16UL, DumpComparison.SamePages(whole, joined));
        using var alone = DumpSource.Open(parts[1]);
        Assert.Equal(PageState.Truncated, alone.GetPageState(new Pfn(3 * 4)));
        Assert.Equal(PageState.Present, alone.GetPageState(new Pfn((3 * 4) - 1)));
    }

    private static BlockedKdump Sample(int blockSize, int pageSize) =>
        new BlockedKdump(blockSize, $"OSRELEASE=6.1\nPAGESIZE={pageSize}\n")
            .Add(2, Bytes(blockSize, 2)).Add(3, Bytes(blockSize, 3)).Add(4, null)
            .Add(5, new byte[blockSize]).Add(8, Bytes(blockSize, 8));

    // Number 3 does not pack.
    private static byte[] Bytes(int size, int number)
    {
        byte[] bytes = new byte[size];
        new Random(number).NextBytes(number == 3 ? bytes : bytes.AsSpan(0, 1000));
        return bytes;
    }
}
