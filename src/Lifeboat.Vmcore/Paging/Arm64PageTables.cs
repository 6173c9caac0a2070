using System.Numerics;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Paging;

/// <summary>
/// arm64: tables of a granule of 4, 16 or 64 KiB each, for addresses of 36 to 52 bits, from swapper_pg_dir on
/// (Arm ARM, D8 "The AArch64 Virtual Memory System Architecture"; the kernel's Documentation/arch/arm64/memory.rst).
/// </summary>
internal sealed class Arm64PageTables : PageTables
{
    private const string ImageOffsetKey = "kimage_voffset";

    private const ulong ValidBit = 1;
    private const ulong TableBit = 2;
    private const ulong AddressBits = 0x0000_ffff_ffff_f000; // bits 47 to 12
    private const ulong WideAddressBits = 0x0003_ffff_ffff_f000; // bits 49 to 12 (FEAT_LPA2)
    private const ulong KernelBit = 1UL << 55; // chooses the kernel's tables (TTBR1); the byte above may be a tag
    private const ulong TagBits = 0xff00_0000_0000_0000;
    private const int LargestBlockShift = 42;
    private const int WideBits = 52;

    private readonly ulong _root;
    private readonly int _bits;
    private readonly int _pageShift;
    private readonly int _bitsPerLevel;

    private Arm64PageTables(IPhysicalMemory memory, ulong root, int bits, int pageShift)
        : base(memory)
    {
        _root = root;
        _bits = bits;
        _pageShift = pageShift;
        _bitsPerLevel = pageShift - 3;
        Levels = (bits - pageShift + _bitsPerLevel - 1) / _bitsPerLevel;
    }

    internal override int Levels { get; }

    /// <summary>Whether VMCOREINFO is that of an arm64 kernel.</summary>
    internal static bool Describes(Vmcoreinfo info) => info.TryGetNumber(ImageOffsetKey, out _);

    /// <exception cref="DumpFormatException">VMCOREINFO lacks what translating needs.</exception>
    internal static new Arm64PageTables Open(IPhysicalMemory memory, Vmcoreinfo info)
    {
        var missing = new List<string>();
        if (!info.TryGetSymbol("swapper_pg_dir", out VirtualAddress root))
        {
            missing.Add("SYMBOL(swapper_pg_dir)");
        }

        if (!info.TryGetNumber("VA_BITS", out long bits) || bits is < 36 or > WideBits)
        {
            missing.Add("NUMBER(VA_BITS)");
        }

        if (missing.Count > 0)
        {
            throw Missing(info, missing);
        }

        int pageShift = BitOperations.TrailingZeroCount(info.PageSize);

        // A kernel for 52 bits on a machine without: with 64 KiB it uses the end of a root table for 52 bits, with
        // smaller granules it has a level less.
        if (pageShift < 16 && info.TryGetNumber("TCR_EL1_T1SZ", out long unused) && unused is >= 12 and <= 28)
        {
            bits = 64 - unused;
        }

        _ = info.TryGetNumber(ImageOffsetKey, out long imageOffset);
        return new Arm64PageTables(memory, unchecked(root.Value - (ulong)imageOffset), (int)bits, pageShift);
    }

    /// <summary>What the linear map adds to physical addresses; null when VMCOREINFO does not tell.</summary>
    internal static ulong? FindLinearMap(Vmcoreinfo info)
    {
        if (!info.TryGetNumber("PHYS_OFFSET", out long physical) || !info.TryGetNumber("VA_BITS", out long bits)
            || bits is < 36 or > WideBits || !info.TryGetSymbol("_stext", out VirtualAddress text))
        {
            return null;
        }

        // Since 5.4 the linear map is the lower half, before it was the upper: the image is in the other.
        bool isLower = (text.Value & (1UL << ((int)Math.Min(bits, 48) - 1))) != 0;
        return unchecked((ulong.MaxValue << (int)(isLower ? bits : bits - 1)) - (ulong)physical);
    }

    internal override bool TryWalk(ulong address, out CachedTranslation found, out MemoryFault fault)
    {
        found = default;
        fault = new MemoryFault(address, MemoryFaultReason.Unmapped);
        ulong kernelAddress = address | TagBits;
        if ((address & KernelBit) == 0 || kernelAddress >> _bits != ulong.MaxValue >> _bits)
        {
            return false;
        }

        ulong table = _root;
        int shift = _pageShift + ((Levels - 1) * _bitsPerLevel);
        ulong mask = (1UL << (_bits - shift)) - 1;
        for (; shift >= _pageShift; shift -= _bitsPerLevel)
        {
            if (!TryReadEntry(table, (kernelAddress >> shift) & mask, out ulong entry, out fault))
            {
                return false;
            }

            mask = (1UL << _bitsPerLevel) - 1;
            bool isLast = shift == _pageShift;
            bool isTable = (entry & TableBit) != 0;
            if ((entry & ValidBit) == 0 || (!isTable && (isLast || shift > LargestBlockShift)))
            {
                break;
            }

            if (isLast || !isTable)
            {
                ulong size = 1UL << shift;
                found = new CachedTranslation(address & ~(size - 1), AddressOf(entry) & ~(size - 1), size);
                return true;
            }

            table = AddressOf(entry);
        }

        fault = new MemoryFault(address, MemoryFaultReason.Unmapped);
        return false;
    }

    /// <summary>The address in an entry: with 52 bits of it, the highest are where lower ones would be.</summary>
    private ulong AddressOf(ulong entry)
    {
        ulong pageMask = ulong.MaxValue << _pageShift;
        return _pageShift == 16 ? (entry & AddressBits & pageMask) | ((entry & 0xf000) << 36)
            : _bits == WideBits ? (entry & WideAddressBits & pageMask) | ((entry & 0x300) << 42)
            : entry & AddressBits & pageMask;
    }
}
