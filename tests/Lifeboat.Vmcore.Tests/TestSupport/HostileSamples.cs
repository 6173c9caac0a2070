using System.Buffers.Binary;
using Lifeboat.Vmcore.Kdump;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Tests.TestSupport;

/// <summary>Small dumps of every format, for damage.</summary>
internal static class HostileSamples
{
    internal static IReadOnlyList<DumpCompression> Codecs { get; } =
        [DumpCompression.None, DumpCompression.Zlib, DumpCompression.Lzo, DumpCompression.Snappy, DumpCompression.Zstd];

    private const ulong DirectMap = 0xffff_9180_0000_0000;

    /// <summary>Twelve pages with a hole, a page left out and a page of zeros.</summary>
    internal static byte[] SmallElf()
    {
        byte[] low = Pages(0, 6);
        low.AsSpan(3 * 4096, 4096).Clear();
        return new ElfWriter()
            .AddNote("CORE", 1, new byte[64])
            .AddNote("VMCOREINFO", 0, "OSRELEASE=6.1\nPAGESIZE=4096\n"u8)
            .AddSegment(0, low)
            .AddSegment(0x8000, Pages(8, 2), 0x3000)
            .AddSegment(0xb000, Pages(11, 1))
            .ToArray();
    }

    internal static HostileSample Elf() => new(SmallElf(), 0..64, 64..(64 + (4 * 56)), 64..600);

    /// <summary>A machine whose memory map and page tables are there; where nothing was written there are zeros.</summary>
    internal static HostileSample ElfOfKernel(FakePages pages, int infoRoom = 0)
    {
        byte[] info = pages.Kernel.InfoBytes;
        byte[] note = new byte[info.Length + infoRoom];
        info.CopyTo(note, 0);
        var writer = new ElfWriter().AddNote("VMCOREINFO", 0, note);
        List<KeyValuePair<ulong, byte[]>> all = [.. pages.Kernel.Memory.Pages];
        ulong end = FakeKernel.RamSize;
        for (int last = all.Count - 1; last >= 0;)
        {
            int first = last;
            while (first > 0 && all[first - 1].Key + 1 == all[first].Key)
            {
                first--;
            }

            byte[] bytes = [.. all[first..(last + 1)].SelectMany(static page => page.Value)];
            ulong start = all[first].Key * 4096;
            writer.AddSegment(start, bytes, end - start);
            (end, last) = (start, first - 1);
        }

        byte[] file = writer.ToArray();
        int headers = BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(56));
        int notes = 64 + (headers * 56);
        return new HostileSample(file, 0..64, 64..notes, notes..(notes + note.Length + 24));
    }

    /// <summary>The small machine with one codec.</summary>
    internal static byte[] SmallKdump(DumpCompression codec, DumpLevel level = DumpLevel.Zero) =>
        WriteKdump(SmallElf(), new DumpWriteOptions { Level = level, Compression = codec });

    internal static byte[] WriteKdump(byte[] elf, DumpWriteOptions options)
    {
        using var folder = new TemporaryFolder();
        using var source = DumpSource.Open(folder.Write("in", elf));
        KdumpFileWriter.Write(source, folder.File("out"), options);
        return File.ReadAllBytes(folder.File("out"));
    }

    internal static HostileSample Kdump(byte[] file)
    {
        int descriptors = DescriptorsOffset(file);
        int bitmaps = 4096 * (1 + BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(432)));
        return new HostileSample(
            file, 0..12, 400..464, 424..440, 4096..(4096 + KdumpSubHeader.Size), (4096 + KdumpSubHeader.Size)..(4096 + 300),
            bitmaps..(bitmaps + 8), ((bitmaps + descriptors) / 2)..(((bitmaps + descriptors) / 2) + 8),
            descriptors..Math.Min(file.Length, descriptors + (6 * PageDescriptor.Size)),
            descriptors..file.Length);
    }

    internal static int DescriptorsOffset(byte[] file) =>
        BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(428)) * (1 + BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(432))
            + BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(436)));

    /// <summary>Pages of 64 KiB, as QEMU writes of arm64 machines.</summary>
    internal static HostileSample KdumpOfLargePages()
    {
        byte[] large = new byte[65536];
        new Random(5).NextBytes(large.AsSpan(0, 3000));
        byte[] file = new BlockedKdump(65536, "OSRELEASE=6.1\nPAGESIZE=4096\n")
            .Add(0, large).Add(1, null).Add(3, large).ToArray();
        int descriptors = DescriptorsOffset(file);
        return new HostileSample(
            file, 0..12, 424..440, 65536..(65536 + KdumpSubHeader.Size), descriptors..file.Length);
    }

    /// <summary>A file in records of so many bytes, the first ones in order.</summary>
    internal static HostileSample Flattened(byte[] file, int recordLength)
    {
        byte[] flat = FlattenedBuilder.Cut(file, recordLength, seed: 4);
        List<Range> steering = [0..32, (flat.Length - 16)..flat.Length];
        for (int i = 0; i < 20 && 4096 + ((recordLength + 16) * (i + 1)) < flat.Length; i++)
        {
            int record = 4096 + ((recordLength + 16) * i);
            steering.Add(record..(record + 16));
            steering.Add(record..(record + 80));
        }

        return new HostileSample(flat, steering);
    }

    internal static byte[][] SplitParts(DumpCompression codec)
    {
        using var folder = new TemporaryFolder();
        using var source = DumpSource.Open(folder.Write("in", SmallElf()));
        string[] paths = [folder.File("0"), folder.File("1"), folder.File("2")];
        KdumpFileWriter.WriteSplit(source, paths, new DumpWriteOptions { Level = DumpLevel.None, Compression = codec });
        return [.. paths.Select(File.ReadAllBytes)];
    }

    internal static HostileSample QemuElf(bool hasInfo)
    {
        var writer = new ElfWriter().AddNote("CORE", 1, new byte[336]).AddNote("QEMU", 0, new byte[432]);
        if (hasInfo)
        {
            writer.AddNote("VMCOREINFO", 0, "OSRELEASE=6.1\nPAGESIZE=4096\n"u8);
        }

        byte[] file = writer.AddSegment(0, Pages(0, 2)).AddSegment(0xc000, Pages(12, 1)).ToArray();
        return new HostileSample(file, 0..64, 64..(64 + (3 * 56)), 64..1300);
    }

    /// <summary>A flattened dump as QEMU writes it: it names the machine only, and counts nothing.</summary>
    internal static HostileSample QemuKdump(DumpCompression codec)
    {
        byte[] file = SmallKdump(codec);
        Assert.True(DiskDumpHeader.TryParse(file, out DiskDumpHeader header));
        (header with
        {
            UtsName = new DumpUtsName("", "", "", "", "x86_64", ""),
            TotalRamBlocks = 0,
            WrittenBlocks = 0,
        }).WriteTo(file);
        return Flattened(file, 4096);
    }

    /// <summary>RAM in the direct map, the image, and areas that are nowhere.</summary>
    internal static HostileSample Kcore() => new(
        new ElfWriter()
            .AddNote("CORE", 1, new byte[336])
            .AddNote("VMCOREINFO", 0, "OSRELEASE=6.1\n"u8)
            .AddSegment(0x10_1000, Pages(1, 2), virtualAddress: 0xffff_ffff_8100_0000)
            .AddSegment(ulong.MaxValue, Pages(2, 1), virtualAddress: 0xffff_a900_0000_0000)
            .AddSegment(0x1000, Pages(3, 3), virtualAddress: DirectMap + 0x1000)
            .AddSegment(ulong.MaxValue, Pages(4, 1), virtualAddress: 0xffff_ea00_0000_0000)
            .AddSegment(0x10_0000, Pages(5, 6), virtualAddress: DirectMap + 0x10_0000)
            .ToArray(),
        0..64, 64..(64 + (6 * 56)), 64..900);

    /// <summary>Kernels of other times and memory maps, with a page of every class.</summary>
    internal static IReadOnlyList<FakePages> Kernels()
    {
        FakePages[] kernels = MakeKernels();
        foreach (FakePages kernel in kernels.Where(static kernel => kernel.Kernel.Info.ContainsKey("NUMBER(MAX_PHYSMEM_BITS)")))
        {
            // A machine of 16 GiB at most: a wrong address is looked for in every section there may be.
            int sections = 1 << (34 - 24);
            bool hasRoots = kernel.Kernel.Info["LENGTH(mem_section)"] != "4194304";
            kernel.Set("NUMBER(MAX_PHYSMEM_BITS)=34");
            kernel.Set($"LENGTH(mem_section)={(hasRoots ? sections / 256 : sections)}");
        }

        return kernels;
    }

    private static FakePages[] MakeKernels() =>
    [
        new FakePages(KernelEra.All[0], MapModel.Classic).WithOneOfEach(),
        new FakePages(KernelEra.All[1], MapModel.Flat).WithOneOfEach(),
        new FakePages(KernelEra.All[2], MapModel.FlatNode).WithOneOfEach(),
        new FakePages(KernelEra.All[3], MapModel.ExtremeIndirect).WithOneOfEach(),
        new FakePages(KernelEra.All[5], MapModel.Extreme).WithOneOfEach(),
        new FakePages(KernelEra.All[7], MapModel.Vmemmap).WithOneOfEach(),
        WithFreeLists(),
    ];

    private static FakePages WithFreeLists()
    {
        var pages = new FakePages(KernelEra.All[0], MapModel.Vmemmap);
        Tests.Pages.FreeListsTests.Fill(new FakeFreeLists(pages));
        return pages;
    }

    private static byte[] Pages(int first, int count)
    {
        byte[] bytes = new byte[count * 4096];
        for (int i = 0; i < count; i++)
        {
            new Random(first + i).NextBytes(bytes.AsSpan(i * 4096, 200));
        }

        return bytes;
    }
}
