using System.Buffers.Binary;
using System.Globalization;
using System.Text;

// Writes the ELF dump of a machine with so much memory, as a sparse file: page tables, sections and a whole array of
// struct page as Linux 6.1 on x86-64 has them (sparsemem-vmemmap, 64 bytes a page); all other memory is a hole.
//
//   physical memory: [ tables and sections, 16 MiB | ... holes ... | array of struct page, 1/64 of it all ]
//
// What the pages are, section by section of 128 MiB, is drawn with a fixed seed: free blocks of all orders, page cache,
// anonymous memory, slabs and the kernel's own, in runs as a machine has them after some days.
if (args is not [string path, string size] || !ulong.TryParse(size, CultureInfo.InvariantCulture, out ulong gibibytes)
    || gibibytes is < 1 or > 4096)
{
    await Console.Error.WriteLineAsync("usage: SyntheticMachine FILE GIBIBYTES").ConfigureAwait(false);
    return 2;
}

const ulong Vmemmap = 0xffff_ea00_0000_0000;
const ulong Image = 0xffff_ffff_8000_0000;
const int DataOffset = 1 << 20;
const int Root = 0x10_0000; // the page tables' root; the others follow
const int SectionsAt = 0x80_0000;
const int PagesPerSection = 32768;
const int PageStruct = 64;

ulong ram = gibibytes << 30;
ulong map = ram / 4096 * PageStruct;
ulong mapAt = ram - map;
using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
file.SetLength((long)(DataOffset + ram));

// VMCOREINFO: what 6.1 exports of pages, in the order of the kernel's.
string info = $"""
    OSRELEASE=6.1.0-synthetic
    PAGESIZE=4096
    SYMBOL(init_top_pgt)={Image + Root:x}
    SYMBOL(swapper_pg_dir)={Image + Root:x}
    SYMBOL(mem_section)={Image + SectionsAt:x}
    LENGTH(mem_section)=2048
    SIZE(mem_section)=32
    OFFSET(mem_section.section_mem_map)=0
    NUMBER(SECTION_SIZE_BITS)=27
    NUMBER(MAX_PHYSMEM_BITS)=46
    SIZE(page)=64
    OFFSET(page.flags)=0
    OFFSET(page._refcount)=52
    OFFSET(page.mapping)=24
    OFFSET(page.lru)=8
    OFFSET(page._mapcount)=48
    OFFSET(page.private)=40
    OFFSET(page.compound_dtor)=16
    OFFSET(page.compound_order)=17
    OFFSET(page.compound_head)=8
    LENGTH(zone.free_area)=11
    LENGTH(free_area.free_list)=6
    NUMBER(PG_lru)=4
    NUMBER(PG_private)=13
    NUMBER(PG_swapcache)=10
    NUMBER(PG_swapbacked)=19
    NUMBER(PG_slab)=9
    NUMBER(PG_hwpoison)=23
    NUMBER(PG_head_mask)=65536
    NUMBER(PAGE_BUDDY_MAPCOUNT_VALUE)=-129
    NUMBER(HUGETLB_PAGE_DTOR)=2
    NUMBER(PAGE_OFFLINE_MAPCOUNT_VALUE)=-257
    NUMBER(phys_base)=0
    NUMBER(pgtable_l5_enabled)=0
    KERNELOFFSET=0
    NUMBER(KERNEL_IMAGE_SIZE)=1073741824
    NUMBER(sme_mask)=0

    """;
byte[] note = [.. new byte[12], .. "VMCOREINFO\0\0"u8, .. Encoding.ASCII.GetBytes(info)];
BinaryPrimitives.WriteInt32LittleEndian(note, 11);
BinaryPrimitives.WriteInt32LittleEndian(note.AsSpan(4), note.Length - 24);

// ELF header and two program headers: the note, and all of memory.
byte[] header = new byte[64 + (2 * 56)];
Convert.FromHexString("7f454c46020101").CopyTo(header, 0);
BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(16), 4);
BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(18), 62);
BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(20), 1);
BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(32), 64);
BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(52), 64);
BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(54), 56);
BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(56), 2);
WriteSegment(64, type: 4, offset: (ulong)header.Length, address: 0, size: (ulong)note.Length);
WriteSegment(64 + 56, type: 1, offset: DataOffset, address: 0, size: ram);
file.Write(header);
file.Write(note);

// Page tables for the array: large pages of 2 MiB, a table of 512 for each GiB of it.
ulong nextTable = Root + 8192;
for (ulong at = 0; at < map; at += 1UL << 30)
{
    ulong address = Vmemmap + at;
    ulong upper = Root + 4096;
    WriteAt(Root + (((address >> 39) & 511) * 8), Entry(upper));
    WriteAt(upper + (((address >> 30) & 511) * 8), Entry(nextTable));
    for (ulong large = 0; large < 512 && at + (large << 21) < map; large++)
    {
        WriteAt(nextTable + (large * 8), Entry(mapAt + at + (large << 21)) | 0x80);
    }

    nextTable += 4096;
}

// Sections: roots of 128 sections of 32 bytes each, every one present.
ulong sections = ram >> 27;
for (ulong section = 0; section < sections; section++)
{
    ulong rootAt = SectionsAt + 0x10_0000 + (section / 128 * 4096);
    WriteAt(SectionsAt + (section / 128 * 8), Image + rootAt);
    WriteAt(rootAt + (section % 128 * 32), (Vmemmap & ~0xfffUL) | 3);
}

// The array itself. A few sections are drawn, and repeated.
var random = new Random(1);
byte[][] drawn = [.. Enumerable.Range(0, 16).Select(_ => Draw(random))];
file.Position = DataOffset + (long)mapAt;
for (ulong section = 0; section < sections; section++)
{
    file.Write(drawn[section % 16]);
}

return 0;

static ulong Entry(ulong physical) => physical | 0x63;

void WriteAt(ulong physical, ulong value)
{
    Span<byte> bytes = stackalloc byte[8];
    BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
    file.Position = DataOffset + (long)physical;
    file.Write(bytes);
}

void WriteSegment(int at, uint type, ulong offset, ulong address, ulong size)
{
    BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(at), type);
    BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(at + 8), offset);
    BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(at + 24), address);
    BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(at + 32), size);
    BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(at + 40), size);
}

static byte[] Draw(Random random)
{
    const ulong Zone = 0x2_0000_0000_0000; // node and zone, in the flags' high bits
    byte[] pages = new byte[PagesPerSection * PageStruct];
    for (int page = 0; page < PagesPerSection;)
    {
        int kind = random.Next(100);
        int order = Math.Min(random.Next(11), int.TrailingZeroCount(page | (1 << 10)));
        int count = kind < 35 ? 1 << order : Math.Min(random.Next(1, 200), PagesPerSection - page);
        for (int i = 0; i < count; i++)
        {
            Span<byte> one = pages.AsSpan((page + i) * PageStruct, PageStruct);
            (ulong flags, ulong mapping, int mapCount, ulong privateData) = kind switch
            {
                < 35 => (Zone, 0UL, i == 0 ? -129 : -1, i == 0 ? (ulong)order : 0), // free
                < 60 => (Zone | 0x36, 0xffff_8880_1234_5600UL, random.Next(2), 0UL), // page cache
                < 65 => (Zone | 0x2036, 0xffff_8880_1234_5600UL, -1, 0xffff_8880_0000_1000UL), // with buffers
                < 85 => (Zone | 0x80036, 0xffff_8880_7654_3201UL, 0, 0UL), // anonymous
                < 93 => (Zone | 0x200, 0xffff_8880_00aa_bb00UL, 0x2000_20, 0UL), // slab
                _ => (Zone, 0UL, -1, 0UL), // the kernel's own
            };
            BinaryPrimitives.WriteUInt64LittleEndian(one, flags);
            BinaryPrimitives.WriteUInt64LittleEndian(one[8..], 0xffff_ea00_0000_0008 + ((ulong)random.Next() << 6 & ~1UL));
            BinaryPrimitives.WriteUInt64LittleEndian(one[24..], mapping);
            BinaryPrimitives.WriteUInt64LittleEndian(one[32..], (ulong)random.Next());
            BinaryPrimitives.WriteUInt64LittleEndian(one[40..], privateData);
            BinaryPrimitives.WriteInt32LittleEndian(one[48..], mapCount);
            BinaryPrimitives.WriteInt32LittleEndian(one[52..], 1);
        }

        page += count;
    }

    return pages;
}
