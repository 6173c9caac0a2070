using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Paging;

/// <summary>
/// x86-64: tables of 512 entries, 4 or 5 levels, from init_top_pgt on. Addresses within the kernel's image need none.
/// </summary>
internal sealed class X64PageTables : PageTables
{
    // arch/x86/include/asm/page_64_types.h: where the kernel's image is linked, and how large it may be.
    private const ulong ImageBase = 0xffff_ffff_8000_0000;
    private const long DefaultImageSize = 512L << 20;

    private const ulong PresentBit = 1;
    private const ulong LargePageBit = 1 << 7;
    private const ulong FrameMask = 0x000f_ffff_ffff_f000;

    private readonly IPhysicalMemory _memory;
    private readonly ulong _root;
    private readonly ulong _encryptionMask;
    private readonly ulong _imageEnd;
    private readonly ulong _physBase;

    private X64PageTables(
        IPhysicalMemory memory, ulong root, int levels, ulong encryptionMask, ulong imageEnd, ulong physBase)
        : base(memory)
    {
        _memory = memory;
        _root = root;
        Levels = levels;
        _encryptionMask = encryptionMask;
        _imageEnd = imageEnd;
        _physBase = physBase;
    }

    internal override int Levels { get; }

    /// <exception cref="DumpFormatException">VMCOREINFO is missing or lacks what translating needs.</exception>
    internal static new X64PageTables Open(IPhysicalMemory memory, Vmcoreinfo info)
    {
        var missing = new List<string>();
        if (!info.TryGetSymbol("init_top_pgt", out VirtualAddress root)
            && !info.TryGetSymbol("swapper_pg_dir", out root))
        {
            missing.Add("SYMBOL(init_top_pgt)");
        }

        if (!info.TryGetNumber("phys_base", out long physBase))
        {
            missing.Add("NUMBER(phys_base)");
        }

        if (missing.Count > 0)
        {
            throw Missing(info, missing);
        }

        _ = info.TryGetNumber("pgtable_l5_enabled", out long fiveLevels);
        _ = info.TryGetNumber("sme_mask", out long encryptionMask);
        if (!info.TryGetNumber("KERNEL_IMAGE_SIZE", out long imageSize) || imageSize is <= 0 or > 2L << 30)
        {
            imageSize = DefaultImageSize;
        }

        ulong imageEnd = unchecked(ImageBase + (ulong)imageSize);
        return new X64PageTables(
            memory,
            unchecked(root.Value - ImageBase + (ulong)physBase),
            fiveLevels != 0 ? 5 : 4,
            unchecked((ulong)encryptionMask),
            imageEnd == 0 ? ulong.MaxValue : imageEnd,
            unchecked((ulong)physBase));
    }

    internal override bool TryTranslateDirectly(ulong address, out CachedTranslation found)
    {
        bool isImage = address >= ImageBase && address < _imageEnd;
        found = isImage ? new CachedTranslation(ImageBase, _physBase, _imageEnd - ImageBase) : default;
        return isImage;
    }

    // Addresses of a process lie in its own tables only: there is no image.
    internal override PageTables FromRoot(PhysicalAddress root) =>
        new X64PageTables(_memory, root.Value & FrameMask, Levels, _encryptionMask, ImageBase, _physBase);

    internal override bool TryWalk(ulong address, out CachedTranslation found, out MemoryFault fault)
    {
        found = default;
        if (!TryFindEntry(address, out PageTableEntry entry, out fault))
        {
            return false;
        }

        if (!entry.IsPresent)
        {
            fault = new MemoryFault(address, MemoryFaultReason.Unmapped);
            return false;
        }

        ulong size = entry.Size.Value;
        found = new CachedTranslation(address & ~(size - 1), entry.Value & FrameMask & ~(size - 1), size);
        return true;
    }

    internal override bool TryFindEntry(ulong address, out PageTableEntry found, out MemoryFault fault)
    {
        found = default;
        ulong table = _root;
        int bits = 12 + (9 * Levels);
        if (unchecked((ulong)((long)(address << (64 - bits)) >> (64 - bits))) != address)
        {
            fault = new MemoryFault(address, MemoryFaultReason.Unmapped);
            return false;
        }

        for (int shift = bits - 9; ; shift -= 9)
        {
            if (!TryReadEntry(table, (address >> shift) & 511, out ulong entry, out fault))
            {
                return false;
            }

            entry &= ~_encryptionMask;

            // Pages of 1 GiB and 2 MiB; at the higher levels the bit is reserved.
            bool isLarge = shift is 30 or 21 && (entry & LargePageBit) != 0;
            if ((entry & PresentBit) == 0 || isLarge || shift == 12)
            {
                found = new PageTableEntry(entry, new ByteCount(1UL << shift));
                return true;
            }

            table = entry & FrameMask;
        }
    }
}
