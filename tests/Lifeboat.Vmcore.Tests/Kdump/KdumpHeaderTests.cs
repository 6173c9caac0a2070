using FsCheck;
using FsCheck.Fluent;
using Lifeboat.Core;
using Lifeboat.Vmcore.Kdump;

namespace Lifeboat.Vmcore.Tests.Kdump;

public sealed class KdumpHeaderTests
{
    private static readonly DiskDumpHeader Example = new()
    {
        Version = 6,
        UtsName = new DumpUtsName("Linux", "host", "6.1.0", "#1 SMP", "x86_64", "(none)"),
        TimestampSeconds = 0x11,
        TimestampMicroseconds = 0x22,
        Status = DumpStatus.Zstd | DumpStatus.Incomplete,
        BlockSize = 4096,
        SubHeaderBlocks = 2,
        BitmapBlocks = 8,
        MaxMapNumber = 0x20000,
        TotalRamBlocks = 0x1000,
        DeviceBlocks = 3,
        WrittenBlocks = 0x800,
        CurrentCpu = 1,
        CpuCount = 2,
    };

    [Fact]
    public void The_header_has_its_fields_where_a_64_bit_compiler_puts_them()
    {
        byte[] bytes = new byte[DiskDumpHeader.Size];
        Example.WriteTo(bytes);
        Assert.Equal("KDUMP   "u8, bytes.AsSpan(0, 8));
        Assert.Equal("06000000", Hex(bytes, 8, 4));
        Assert.Equal("4c696e757800", Hex(bytes, 12, 6));
        Assert.Equal("686f737400", Hex(bytes, 12 + 65, 5));
        Assert.Equal("362e312e3000", Hex(bytes, 12 + 130, 6));
        Assert.Equal("7838365f363400", Hex(bytes, 12 + 260, 7));
        Assert.Equal(
            "11000000000000002200000000000000" // timestamp at 408
            + "28000000" + "00100000" + "02000000" + "08000000" + "00000200" // status at 424 to max_mapnr
            + "00100000" + "03000000" + "00080000" + "01000000" + "02000000",
            Hex(bytes, 408, 56));
        Assert.True(DiskDumpHeader.TryParse(bytes, out DiskDumpHeader back));
        Assert.Equal(Example, back);
        Assert.Null(back.Validate(DumpLimits.Default));
    }

    [Fact]
    public void The_sub_header_and_the_descriptor_have_their_fields_in_order()
    {
        byte[] bytes = new byte[KdumpSubHeader.Size];
        Sub(1).WriteTo(bytes);
        Assert.Equal(
            "0100000000000000" + "02000000" + "03000000" + "0400000000000000" + "0500000000000000" + "0600000000000000"
            + "0700000000000000" + "0800000000000000" + "0900000000000000" + "0a00000000000000" + "0b00000000000000"
            + "0c00000000000000" + "0d00000000000000" + "0e00000000000000",
            Convert.ToHexStringLower(bytes));
        new PageDescriptor { Offset = 1, Length = 2, Codec = DumpStatus.Zstd, PageFlags = 4 }.WriteTo(bytes);
        Assert.Equal("0100000000000000" + "02000000" + "20000000" + "0400000000000000", Hex(bytes, 0, 24));
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        Prop.ForAll<ulong>(seed =>
        {
            byte[] bytes = new byte[KdumpSubHeader.Size];
            KdumpSubHeader header = Sub(seed);
            header.WriteTo(bytes);
            var descriptor = new PageDescriptor
            {
                Offset = seed,
                Length = unchecked((uint)seed),
                Codec = (DumpStatus)(seed & 0x3f),
                PageFlags = ~seed,
            };
            byte[] page = new byte[PageDescriptor.Size];
            descriptor.WriteTo(page);
            return KdumpSubHeader.TryParse(bytes, 6, out KdumpSubHeader back) && back == header
                && PageDescriptor.TryParse(page, out PageDescriptor other) && other == descriptor;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Fields_newer_than_the_version_are_zero()
    {
        byte[] bytes = new byte[KdumpSubHeader.Size];
        Sub(1).WriteTo(bytes);
        Assert.True(KdumpSubHeader.TryParse(bytes, 3, out KdumpSubHeader three));
        Assert.Equal(7UL, three.VmcoreinfoSize);
        Assert.Equal(0UL, three.NotesOffset);
        Assert.True(KdumpSubHeader.TryParse(bytes, 5, out KdumpSubHeader five));
        Assert.Equal(11UL, five.EraseInfoSize);
        Assert.Equal(0UL, five.MaxMapNumber64);
    }

    [Theory]
    [InlineData(0, 4096, 1)]
    [InlineData(7, 4096, 1)]
    [InlineData(6, 512, 1)]
    [InlineData(6, 12288, 1)]
    [InlineData(6, 131072, 1)]
    [InlineData(6, -4096, 1)]
    [InlineData(6, 4096, 0)]
    [InlineData(6, 4096, int.MaxValue)]
    public void A_header_that_cannot_be_is_refused(int version, int blockSize, int subBlocks)
    {
        DiskDumpHeader header = Example with { Version = version, BlockSize = blockSize, SubHeaderBlocks = subBlocks };
        Assert.NotNull(header.Validate(DumpLimits.Default));
    }

    private static KdumpSubHeader Sub(ulong seed) => new()
    {
        PhysBase = seed,
        DumpLevel = unchecked((int)(seed + 1)),
        Split = unchecked((int)(seed + 2)),
        StartPfn = unchecked(seed + 3),
        EndPfn = unchecked(seed + 4),
        VmcoreinfoOffset = unchecked(seed + 5),
        VmcoreinfoSize = unchecked(seed + 6),
        NotesOffset = unchecked(seed + 7),
        NotesSize = unchecked(seed + 8),
        EraseInfoOffset = unchecked(seed + 9),
        EraseInfoSize = unchecked(seed + 10),
        StartPfn64 = unchecked(seed + 11),
        EndPfn64 = unchecked(seed + 12),
        MaxMapNumber64 = unchecked(seed + 13),
    };

    private static string Hex(byte[] bytes, int offset, int count) =>
        Convert.ToHexStringLower(bytes.AsSpan(offset, count));
}
