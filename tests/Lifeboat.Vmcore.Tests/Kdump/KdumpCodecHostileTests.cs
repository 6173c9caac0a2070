using System.Buffers.Binary;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Kdump;
using Lifeboat.Vmcore.Tests.TestSupport;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Tests.Kdump;

public sealed class KdumpCodecHostileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(DumpCompression.Zlib)]
    [InlineData(DumpCompression.Lzo)]
    [InlineData(DumpCompression.Snappy)]
    [InlineData(DumpCompression.Zstd)]
    public void Damaged_pages_are_damaged_and_the_others_are_read(DumpCompression compression)
    {
        using var source = DumpSource.Open(_folder.Write("in", SampleDumps.SmallElf()));
        KdumpFileWriter.Write(
            source, _folder.File("dump"), new DumpWriteOptions { Level = DumpLevel.None, Compression = compression });
        byte[] original = File.ReadAllBytes(_folder.File("dump"));
        int descriptors = 4096 * (1 + BinaryPrimitives.ReadInt32LittleEndian(original.AsSpan(432))
            + BinaryPrimitives.ReadInt32LittleEndian(original.AsSpan(436)));
        int data = descriptors + (8 * PageDescriptor.Size);
        (byte[] expected, byte[] found) = (new byte[4096], new byte[4096]);
        int damaged = 0;
        for (int seed = 0; seed < 2000; seed++)
        {
            // One page's descriptor or bytes; it may do what it likes, but for its neighbours.
            var random = new Random(seed);
            byte[] bad = (byte[])original.Clone();
            int victim = random.Next(8);
            int own = descriptors + (victim * PageDescriptor.Size);
            int start = (int)BinaryPrimitives.ReadUInt64LittleEndian(bad.AsSpan(own));
            int length = BinaryPrimitives.ReadInt32LittleEndian(bad.AsSpan(own + 8));
            Assert.InRange(start, data, bad.Length);
            int place = random.Next(3) == 0 ? own + random.Next(16) : start + random.Next(length);
            bad[place] = (byte)(random.Next(3) == 0 ? 0xff : random.Next(256));
            using var dump = DumpSource.Open(_folder.Write("bad", bad));
            for (int i = 0; i < 8; i++)
            {
                int read = dump.Read(new Pfn((ulong)i).Address, found, out MemoryFault fault);
                if (i == victim)
                {
                    Assert.Equal(read == 4096, fault == MemoryFault.None);
                    damaged += read < 4096 ? 1 : 0;
                    continue;
                }

                Assert.Equal(4096, read);
                _ = source.Read(new Pfn((ulong)i).Address, expected, out _);
                Assert.True(expected.AsSpan().SequenceEqual(found));
            }
        }

        Assert.InRange(damaged, 50, 2000);
    }
}
