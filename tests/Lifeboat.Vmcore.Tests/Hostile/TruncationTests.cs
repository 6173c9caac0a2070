using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Tests.TestSupport;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Tests.Hostile;

/// <summary>Files cut at every length: what lies before the cut is read as it was.</summary>
public sealed class TruncationTests
{
    [Theory]
    [InlineData("elf")]
    [InlineData("qemu elf")]
    [InlineData("None")]
    [InlineData("Zlib")]
    [InlineData("Lzo")]
    [InlineData("Snappy")]
    [InlineData("Zstd")]
    [InlineData("flattened elf")]
    [InlineData("flattened kdump")]
    [InlineData("part")]
    public void Pages_before_a_cut_at_any_length_are_read_as_they_were(string format)
    {
        byte[] file = Sample(format);
        Dictionary<ulong, (byte[] Bytes, int End)> pages = ReadAll(file);
        Assert.InRange(pages.Count, 3, 12);
        int first = pages.Values.Min(static page => page.End);
        byte[] found = new byte[Pfn.PageSize];
        for (int length = 0; length <= file.Length; length++)
        {
            bool isOpen = DumpProbe.Survives(() => DumpProbe.Open(file, length), length % 997 == 0 ? length : null);
            Assert.True(isOpen || length < first, $"a file cut to {length} bytes, which has a page up to {first}, was refused");
            if (!isOpen)
            {
                continue;
            }

            using DumpSource dump = DumpProbe.Open(file, length);
            Assert.True(dump.IsIncomplete || length >= pages.Values.Max(static page => page.End), $"nothing says that {length} bytes are too few");
            foreach ((ulong pfn, (byte[] bytes, int end)) in pages)
            {
                int read = dump.Read(new Pfn(pfn).Address, found, out MemoryFault fault);
                Assert.True(found.AsSpan(0, read).SequenceEqual(bytes.AsSpan(0, read)), $"page {pfn} of {length} bytes differs");
                Assert.True(end > length || read == found.Length, $"page {pfn} ends at {end} and is lost at {length}: {fault}");
            }
        }
    }

    private static byte[] Sample(string format)
    {
        switch (format)
        {
            case "elf":
                return HostileSamples.SmallElf();
            case "qemu elf":
                return HostileSamples.QemuElf(hasInfo: true).File;
            case "part":
                return HostileSamples.SplitParts(DumpCompression.Zstd)[0];
            case "flattened elf" or "flattened kdump":
                using (var stream = new MemoryStream())
                {
                    using DumpSource source = DumpProbe.Open(HostileSamples.SmallElf());
                    var options = new DumpWriteOptions { Level = DumpLevel.None };
                    _ = format == "flattened elf" ? ElfFileWriter.WriteFlattened(source, stream, options)
                        : KdumpFileWriter.WriteFlattened(source, stream, options);
                    return stream.ToArray();
                }

            default:
                return HostileSamples.SmallKdump(Enum.Parse<DumpCompression>(format), DumpLevel.None);
        }
    }

    /// <summary>All pages, and how much of the file is needed to read each.</summary>
    private static Dictionary<ulong, (byte[] Bytes, int End)> ReadAll(byte[] file)
    {
        var pages = new Dictionary<ulong, (byte[] Bytes, int End)>();
        var memory = new MemoryFile(file);
        using DumpSource dump = DumpFormatDetector.Open(memory, DumpProbe.Limits);
        for (ulong pfn = 0; pfn < dump.EndPfn.Value; pfn++)
        {
            byte[] bytes = new byte[Pfn.PageSize];
            memory.ReadEnd = 0;
            if (dump.Read(new Pfn(pfn).Address, bytes, out _) == bytes.Length)
            {
                // What no record has is known to be zeros only when there are no more records.
                pages.Add(pfn, (bytes, memory.ReadEnd == 0 ? file.Length : (int)memory.ReadEnd));
            }
        }

        return pages;
    }
}
