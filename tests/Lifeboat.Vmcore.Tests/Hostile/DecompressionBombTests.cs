using System.Buffers.Binary;
using System.IO.Compression;
using Lifeboat.Core.Compression;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Kdump;
using Lifeboat.Vmcore.Tests.TestSupport;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Tests.Hostile;

/// <summary>Pages that unpack, or say that they unpack, to something else than a page.</summary>
public sealed class DecompressionBombTests
{
    private const int Victim = 1;
    private const int BombLength = 256 << 10;

    public static TheoryData<string> Bombs() =>
    [
        "zlib of too much", "zlib of too little", "lzo of too much", "lzo of too little", "snappy of too much",
        "snappy of too little", "snappy of 4 GiB", "zstd of too much", "zstd of too little", "zstd of 4 EiB",
        "zstd of an unknown size", "nothing, zlib", "nothing, lzo", "nothing, snappy", "nothing, zstd", "nothing, raw", "half a raw page",
    ];

    [Theory]
    [MemberData(nameof(Bombs))]
    public void A_bomb_is_a_damaged_page_and_the_others_are_read(string bomb)
    {
        (DumpStatus codec, byte[] packed) = Make(bomb);
        Assert.InRange(packed.Length, 0, Pfn.PageSize);
        byte[] original = HostileSamples.SmallKdump(DumpCompression.Zstd, DumpLevel.None);
        byte[] file = [.. original, .. packed, 0];
        new PageDescriptor { Offset = (ulong)original.Length, Length = (uint)packed.Length, Codec = codec }
            .WriteTo(file.AsSpan(HostileSamples.DescriptorsOffset(file) + (Victim * PageDescriptor.Size)));
        using (DumpSource source = DumpProbe.Open(original))
        using (DumpSource dump = DumpProbe.Open(file))
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            (byte[] expected, byte[] found) = (new byte[Pfn.PageSize], new byte[Pfn.PageSize]);
            for (ulong pfn = 0; pfn < 4; pfn++)
            {
                int read = dump.Read(new Pfn(pfn).Address, found, out MemoryFault fault);
                if (pfn == Victim)
                {
                    Assert.Equal((0, MemoryFaultReason.Damaged), (read, fault.Reason));
                    continue;
                }

                Assert.Equal(Pfn.PageSize, read);
                Assert.Equal(Pfn.PageSize, source.Read(new Pfn(pfn).Address, expected, out _));
                Assert.True(expected.AsSpan().SequenceEqual(found));
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, BombLength - 1);
            Assert.Equal(1UL, DumpCheck.Run(dump, TestContext.Current.CancellationToken).Faults);
        }

        Assert.True(DumpProbe.Survives(() => DumpProbe.Open(file), filter: 1));
    }

    private static (DumpStatus Codec, byte[] Packed) Make(string bomb)
    {
        DumpStatus codec = bomb switch
        {
            _ when bomb.Contains("zlib", StringComparison.Ordinal) => DumpStatus.Zlib,
            _ when bomb.Contains("lzo", StringComparison.Ordinal) => DumpStatus.Lzo,
            _ when bomb.Contains("snappy", StringComparison.Ordinal) => DumpStatus.Snappy,
            _ when bomb.Contains("zstd", StringComparison.Ordinal) => DumpStatus.Zstd,
            _ => DumpStatus.None,
        };
        byte[] packed = bomb switch
        {
            "half a raw page" => new byte[2048],
            "snappy of 4 GiB" => [0xff, 0xff, 0xff, 0xff, 0x0f, 0, 1, 0xfe, 1, 0],
            // A frame of one segment with 8 bytes of content size; its only block repeats a byte.
            "zstd of 4 EiB" => [0x28, 0xb5, 0x2f, 0xfd, 0xe0, .. LittleEndian(1UL << 62), .. RepeatedBlocks(1)],
            // A window and no content size: 1 MiB in blocks of 128 KiB.
            "zstd of an unknown size" => [0x28, 0xb5, 0x2f, 0xfd, 0, 0x50, .. RepeatedBlocks(8)],
            _ when bomb.StartsWith("nothing", StringComparison.Ordinal) => [],
            _ => Pack(codec, new byte[bomb.EndsWith("much", StringComparison.Ordinal) ? BombOf(codec) : Pfn.PageSize - 1]),
        };
        return (codec, packed);
    }

    // Snappy packs no better than 21 to 1.
    private static int BombOf(DumpStatus codec) => codec == DumpStatus.Snappy ? 16 * Pfn.PageSize : BombLength;

    private static byte[] LittleEndian(ulong value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] RepeatedBlocks(int count)
    {
        const int Length = 128 << 10;
        const int Repeated = 1 << 1;
        List<byte> blocks = [];
        for (int i = 0; i < count; i++)
        {
            int header = (Length << 3) | Repeated | (i == count - 1 ? 1 : 0);
            blocks.AddRange([(byte)header, (byte)(header >> 8), (byte)(header >> 16), 7]);
        }

        return [.. blocks];
    }

    private static byte[] Pack(DumpStatus codec, byte[] bytes)
    {
        byte[] packed = new byte[bytes.Length];
        switch (codec)
        {
            case DumpStatus.Zlib:
                using (var stream = new MemoryStream())
                {
                    using (var zlib = new ZLibStream(stream, CompressionLevel.Optimal, leaveOpen: true))
                    {
                        zlib.Write(bytes);
                    }

                    return stream.ToArray();
                }

            case DumpStatus.Lzo:
                return packed[..new LzoCompressor().Compress(bytes, packed)];
            case DumpStatus.Snappy:
                return packed[..new SnappyCompressor().Compress(bytes, packed)];
            default:
                using (var zstd = new ZstdCompressor(1))
                {
                    return packed[..zstd.Compress(bytes, packed)];
                }
        }
    }
}
