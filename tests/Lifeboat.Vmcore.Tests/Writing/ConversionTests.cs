using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Flattened;
using Lifeboat.Vmcore.Kdump;
using Lifeboat.Vmcore.Split;
using Lifeboat.Vmcore.Tests.TestSupport;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Tests.Writing;

/// <summary>From every format that is read to every one that is written: the same pages in the same states.</summary>
public sealed class ConversionTests : IDisposable
{
    private const ulong HoleStart = 0x100;
    private const ulong HoleEnd = 0x200;

    private const ulong FreePages = 0x400;
    private const ulong UserStart = 0x900;
    private const ulong UserPages = 0x180;
    private const ulong UserFlags = (1 << 4) | (1 << 19); // PG_lru and PG_swapbacked of 6.1
    private const ulong Anonymous = 0xffff_8880_0000_1001;
    private const ulong All = (FakeKernel.RamSize / Pfn.PageSize) - (HoleEnd - HoleStart);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Sources() =>
    [
        "elf", "None", "Zlib", "Lzo", "Snappy", "Zstd", "flattened elf", "flattened kdump", "split", "joined", "rearranged",
        "QEMU's elf", "QEMU's kdump",
    ];

    private static string[] Targets =>
        ["None", "Zlib", "Lzo", "Snappy", "Zstd", "elf", "flattened elf", "flattened kdump", "split"];

    [Theory]
    [MemberData(nameof(Sources))]
    public void Every_format_becomes_every_other_with_the_same_pages(string format)
    {
        using var original = DumpSource.Open(WriteOriginal());
        using DumpSource source = Open(Make(original, format, "source"));
        (PageState[] States, byte[] Bytes) pages = ReadAll(original);
        Assert.Equal(All - FreePages, (ulong)pages.States.Count(static state => state == PageState.Present));
        AssertSame(pages, source);
        foreach (string target in Targets)
        {
            using DumpSource converted = Open(Write(source, target, DumpLevel.None, "target"));
            AssertSame(pages, converted);
            Assert.Equal(original.RamRanges, converted.RamRanges);
            Assert.Equal(original.Vmcoreinfo.Text, converted.Vmcoreinfo.Text);
            Assert.True(original.Notes.Span.SequenceEqual(converted.Notes.Span), $"{target} has other notes");
            Assert.False(converted.IsIncomplete);
            Assert.Empty(converted.Diagnostics);
        }
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void Every_format_filtered_at_the_highest_level_keeps_the_same_pages(string format)
    {
        using var original = DumpSource.Open(WriteOriginal());
        using DumpSource source = Open(Make(original, format, "source"));
        using DumpSource expected = Open(Write(original, "Zstd", DumpLevel.All, "expected"));
        (PageState[] States, byte[] Bytes) pages = ReadAll(expected);
        Assert.Equal(All - FreePages - UserPages, (ulong)pages.States.Count(static state => state == PageState.Present));
        foreach (string target in (string[])["Zstd", "elf", "flattened elf", "split"])
        {
            using DumpSource filtered = Open(Write(source, target, DumpLevel.All, "target"));
            AssertSame(pages, filtered);
        }
    }

    /// <summary>A kernel's memory with a hole and a process's pages; the free ones were left out before.</summary>
    private string WriteOriginal()
    {
        FakeKernel kernel = SampleDumps.Kernel();
        for (ulong pfn = UserStart; pfn < UserStart + UserPages; pfn++)
        {
            kernel.SetPage(pfn, UserFlags, Anonymous);
        }

        byte[] memory = kernel.Memory.ToArray();
        byte[] elf = new ElfWriter()
            .AddNote("CORE", 1, new byte[336])
            .AddNote("VMCOREINFO", 0, kernel.InfoBytes)
            .AddSegment(0, memory[..(int)(HoleStart * 4096)])
            .AddSegment(HoleEnd * 4096, memory[(int)(HoleEnd * 4096)..])
            .ToArray();

        using var whole = DumpSource.Open(_folder.Write("whole", elf));
        return Write(whole, "Zstd", DumpLevel.Free, "original")[0];
    }

    private static DumpSource Open(string[] paths) => DumpSource.Open(paths);

    private string[] Make(DumpSource original, string format, string name)
    {
        switch (format)
        {
            case "joined":
                SplitDump.Join(Write(original, "split", DumpLevel.None, "parts"), _folder.File(name));
                return [_folder.File(name)];
            case "rearranged":
                using (FileStream stream = File.OpenRead(Write(original, "flattened kdump", DumpLevel.None, "flat")[0]))
                {
                    FlattenedDump.Rearrange(stream, _folder.File(name));
                }

                return [_folder.File(name)];
            case "QEMU's elf":
                // Segments have no virtual addresses.
                byte[] elf = File.ReadAllBytes(Write(original, "elf", DumpLevel.None, "qemu")[0]);
                for (int i = 1; i < BitConverter.ToUInt16(elf, 56); i++)
                {
                    elf.AsSpan(64 + (i * 56) + 16, 8).Clear();
                }

                return [_folder.Write(name, elf)];
            case "QEMU's kdump":
                byte[] kdump = File.ReadAllBytes(Write(original, "Zlib", DumpLevel.Zero, "qemu")[0]);
                Assert.True(DiskDumpHeader.TryParse(kdump, out DiskDumpHeader header));
                (header with { UtsName = new DumpUtsName("", "", "", "", "x86_64", ""), TotalRamBlocks = 0, WrittenBlocks = 0 })
                    .WriteTo(kdump);
                return [_folder.Write(name, FlattenedBuilder.Cut(kdump, 4096, seed: 9))];
            default:
                return Write(original, format, DumpLevel.None, name);
        }
    }

    private string[] Write(DumpSource source, string format, DumpLevel level, string name)
    {
        string path = _folder.File(name);
        var options = new DumpWriteOptions { Level = level };
        switch (format)
        {
            case "elf":
                ElfFileWriter.Write(source, path, options);
                return [path];
            case "split":
                string[] parts = [$"{path}.2", $"{path}.0", $"{path}.1"];
                KdumpFileWriter.WriteSplit(source, [parts[1], parts[2], parts[0]], options);
                return parts;
            case "flattened elf" or "flattened kdump":
                using (FileStream stream = File.Create(path))
                {
                    _ = format == "flattened elf" ? ElfFileWriter.WriteFlattened(source, stream, options)
                        : KdumpFileWriter.WriteFlattened(source, stream, options);
                }

                return [path];
            default:
                KdumpFileWriter.Write(source, path, options with { Compression = Enum.Parse<DumpCompression>(format) });
                return [path];
        }
    }

    /// <summary>The states and bytes of all pages; which pages of zeros are stored is the format's own affair.</summary>
    private static (PageState[] States, byte[] Bytes) ReadAll(DumpSource dump)
    {
        var states = new PageState[dump.EndPfn.Value];
        byte[] bytes = new byte[states.Length * Pfn.PageSize];
        dump.GetPageStates(new Pfn(0), states);
        states.Replace(PageState.Zero, PageState.Present);
        for (int pfn = 0; pfn < states.Length; pfn++)
        {
            Span<byte> page = bytes.AsSpan(pfn * Pfn.PageSize, Pfn.PageSize);
            bool isRead = dump.Read(new Pfn((ulong)pfn).Address, page, out _) == page.Length;
            Assert.True(isRead == (states[pfn] == PageState.Present), $"{new Pfn((ulong)pfn)} is {states[pfn]}");
        }

        return (states, bytes);
    }

    private static void AssertSame((PageState[] States, byte[] Bytes) expected, DumpSource dump)
    {
        (PageState[] states, byte[] bytes) = ReadAll(dump);
        Assert.True(expected.States.AsSpan().SequenceEqual(states), "pages are in other states");
        Assert.True(expected.Bytes.AsSpan().SequenceEqual(bytes), "pages have other bytes");
    }
}
