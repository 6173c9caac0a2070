using Lifeboat.Vmcore.Tests.TestSupport;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Tests.Hostile;

/// <summary>Every bit of every header the other way round.</summary>
public sealed class FlippedBitTests
{
    [Theory]
    [InlineData("elf")]
    [InlineData("qemu elf")]
    [InlineData("kcore")]
    [InlineData("kdump")]
    [InlineData("part")]
    [InlineData("flattened")]
    public void A_flipped_bit_ends_in_a_value_or_a_diagnostic(string format)
    {
        HostileSample sample = format switch
        {
            "elf" => HostileSamples.Elf(),
            "qemu elf" => HostileSamples.QemuElf(hasInfo: true),
            "kcore" => HostileSamples.Kcore(),
            "kdump" => HostileSamples.Kdump(HostileSamples.SmallKdump(DumpCompression.Zstd)),
            "part" => HostileSamples.Kdump(HostileSamples.SplitParts(DumpCompression.Lzo)[0]),
            _ => HostileSamples.Flattened(HostileSamples.SmallKdump(DumpCompression.Zlib), 2048),
        };
        byte[] file = sample.File;
        HashSet<int> places = [];
        foreach (Range range in sample.Steering)
        {
            (int start, int length) = range.GetOffsetAndLength(file.Length);
            places.UnionWith(Enumerable.Range(start, length));
        }

        foreach (int place in places)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                file[place] ^= (byte)(1 << bit);
                _ = DumpProbe.Survives(() => DumpProbe.Open(file), bit == place % 8 ? place : null);
                file[place] ^= (byte)(1 << bit);
            }
        }
    }
}
