using Lifeboat.Vmcore.Kdump;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Tests.TestSupport;

/// <summary>A small dump of a format, and all fields of all its headers.</summary>
internal sealed record HeaderTable(byte[] File, IReadOnlyList<HeaderField> Fields)
{
    private const string ElfHeader = "- 4, EI_CLASS 1, EI_DATA 1, EI_VERSION 1, - 9, e_type 2, e_machine 2, e_version 4, e_entry 8, "
        + "e_phoff 8, e_shoff 8, e_flags 4, e_ehsize 2, e_phentsize 2, e_phnum 2, e_shentsize 2, e_shnum 2, e_shstrndx 2";

    private const string ProgramHeader =
        "p_type 4, p_flags 4, p_offset 8, p_vaddr 8, p_paddr 8, p_filesz 8, p_memsz 8, p_align 8";

    private const string Note = "n_namesz 4, n_descsz 4, n_type 4";

    private const string DiskDump = "- 8, header_version 4, - 396, tv_sec 8, tv_usec 8, status 4, block_size 4, sub_hdr_size 4, "
        + "bitmap_blocks 4, max_mapnr 4, total_ram_blocks 4, device_blocks 4, written_blocks 4, current_cpu 4, nr_cpus 4";

    private const string SubHeader = "phys_base 8, dump_level 4, split 4, start_pfn 8, end_pfn 8, offset_vmcoreinfo 8, "
        + "size_vmcoreinfo 8, offset_note 8, size_note 8, offset_eraseinfo 8, size_eraseinfo 8, start_pfn_64 8, end_pfn_64 8, "
        + "max_mapnr_64 8";

    private const string Descriptor = "offset 8, size 4, flags 4, page_flags 8";

    internal static IReadOnlyList<string> Formats { get; } =
        ["elf", "elf with section 0", "qemu elf", "kcore", "kdump", "kdump v1", "kdump of large pages", "part", "flattened"];

    internal static HeaderTable Of(string format) => format switch
    {
        "elf" => Elf(HostileSamples.SmallElf(), 64, 4),
        "elf with section 0" => ElfWithSection(),
        "qemu elf" => Elf(HostileSamples.QemuElf(hasInfo: true).File, 64, 3),
        "kcore" => Elf(HostileSamples.Kcore().File, 64, 6),
        "kdump" => Kdump(HostileSamples.SmallKdump(DumpCompression.Zstd)),
        "kdump v1" => KdumpOfVersion(1),
        "kdump of large pages" => Kdump(HostileSamples.KdumpOfLargePages().File),
        "part" => Kdump(HostileSamples.SplitParts(DumpCompression.Zlib)[1]),
        _ => Flattened(),
    };

    private static HeaderTable Elf(byte[] file, int headers, int count) => new(file,
    [
        .. HeaderField.Parse(0, ElfHeader),
        .. Enumerable.Range(0, count).SelectMany(i => HeaderField.Parse(headers + (i * 56), Numbered(ProgramHeader, i))),
        .. HeaderField.Parse(headers + (count * 56), Note),
    ]);

    private static HeaderTable ElfWithSection()
    {
        byte[] file = new ElfWriter { UseExtendedCount = true }
            .AddNote("VMCOREINFO", 0, "OSRELEASE=6.1\n"u8).AddSegment(0x1000, new byte[0x2000]).ToArray();
        HeaderTable table = Elf(file, 128, 2);
        return table with { Fields = [.. table.Fields, new HeaderField("sh_info", 64 + 44, 4)] };
    }

    private static HeaderTable Kdump(byte[] file)
    {
        int block = BitConverter.ToInt32(file, 428);
        int descriptors = HostileSamples.DescriptorsOffset(file);
        int count = Math.Min(3, (file.Length - descriptors) / PageDescriptor.Size);
        return new HeaderTable(file,
        [
            .. HeaderField.Parse(0, DiskDump),
            .. HeaderField.Parse(block, SubHeader),
            .. HeaderField.Parse(block + KdumpSubHeader.Size, Note),
            .. Enumerable.Range(0, count).SelectMany(
                i => HeaderField.Parse(descriptors + (i * PageDescriptor.Size), Numbered(Descriptor, i))),
        ]);
    }

    private static HeaderTable KdumpOfVersion(byte version)
    {
        HeaderTable table = Kdump(HostileSamples.SmallKdump(DumpCompression.Lzo));
        table.File[8] = version;
        return table;
    }

    private static HeaderTable Flattened()
    {
        const int RecordLength = 2048;
        byte[] file = HostileSamples.Flattened(HostileSamples.SmallKdump(DumpCompression.Zstd), RecordLength).File;
        return new HeaderTable(file,
        [
            .. HeaderField.Parse(16, "type 8, version 8", isBigEndian: true),
            .. Enumerable.Range(0, 6).SelectMany(i => HeaderField.Parse(
                4096 + (i * (RecordLength + 16)), Numbered("offset 8, buf_size 8", i), isBigEndian: true)),
            .. HeaderField.Parse(file.Length - 16, "end-offset 8, end-size 8", isBigEndian: true),
        ]);
    }

    private static string Numbered(string fields, int number) =>
        string.Join(", ", fields.Split(", ").Select(field => field.Replace(" ", $"-{number} ", StringComparison.Ordinal)));
}
