using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Kdump;
using Lifeboat.Vmcore.Tests.TestSupport;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Tests.Hostile;

/// <summary>Tables of pages that point where no page is, or all at one.</summary>
public sealed class DescriptorTableTests
{
    [Theory]
    [InlineData("the header")]
    [InlineData("the bitmaps")]
    [InlineData("itself")]
    [InlineData("the end")]
    [InlineData("beyond the end")]
    [InlineData("the last byte of any file")]
    public void A_table_that_points_elsewhere_gives_bytes_or_faults(string target)
    {
        byte[] file = HostileSamples.SmallKdump(DumpCompression.Zstd, DumpLevel.None);
        int table = HostileSamples.DescriptorsOffset(file);
        foreach (DumpStatus codec in (DumpStatus[])[DumpStatus.None, DumpStatus.Zlib, DumpStatus.Lzo, DumpStatus.Snappy, DumpStatus.Zstd])
        {
            foreach (uint length in (uint[])[0, 1, PageDescriptor.Size, 4095, 4096, 4097, uint.MaxValue])
            {
                for (int i = 0; i < 8; i++)
                {
                    Span<byte> own = file.AsSpan(table + (i * PageDescriptor.Size));
                    ulong offset = target switch
                    {
                        "the header" => 1,
                        "the bitmaps" => 8192,
                        "itself" => (ulong)(table + (i * PageDescriptor.Size)),
                        "the end" => (ulong)file.Length - length,
                        "beyond the end" => (ulong)file.Length,
                        _ => ulong.MaxValue,
                    };
                    new PageDescriptor { Offset = offset, Length = length, Codec = codec }.WriteTo(own);
                }

                Assert.True(DumpProbe.Survives(() => DumpProbe.Open(file), filter: 1));
            }
        }
    }

    [Fact]
    public void Pages_that_are_all_at_one_place_are_all_the_same()
    {
        byte[] file = HostileSamples.SmallKdump(DumpCompression.Lzo, DumpLevel.None);
        int table = HostileSamples.DescriptorsOffset(file);
        byte[] first = file[table..(table + PageDescriptor.Size)];
        for (int i = 1; i < 9; i++)
        {
            first.CopyTo(file, table + (i * PageDescriptor.Size));
        }

        using DumpSource dump = DumpProbe.Open(file);
        (byte[] one, byte[] other) = (new byte[Pfn.PageSize], new byte[Pfn.PageSize]);
        Assert.Equal(one.Length, dump.Read(PhysicalAddress.Zero, one, out _));
        for (ulong pfn = 1; pfn < 6; pfn++)
        {
            Assert.Equal(other.Length, dump.Read(new Pfn(pfn).Address, other, out _));
            Assert.Equal(one, other);
        }
    }
}
