using System.Globalization;
using System.Text;

namespace Lifeboat.Vmcore.Tests.TestSupport;

/// <summary>
/// An arm64 kernel's page tables in memory that begins at 1 GiB, for any granule and number of address bits, and the
/// VMCOREINFO that goes with them.
/// </summary>
internal sealed class FakeArm64Kernel
{
    internal const ulong Root = 0x4020_0000;
    internal const ulong ImageOffset = 0xffff_c15b_91a0_0000;

    private readonly int _pageShift;
    private readonly int _bits;
    private readonly bool _isWide;
    private ulong _nextTable;

    internal FakeArm64Kernel(int pageShift, int configuredBits, int usedBits)
    {
        _pageShift = pageShift;
        _bits = pageShift == 16 ? configuredBits : usedBits;
        _isWide = pageShift < 16 && _bits == 52;
        _nextTable = Root + (1UL << pageShift);
        foreach (string line in (string[])[
            "OSRELEASE=6.1.0-fake-arm64", $"PAGESIZE={1 << pageShift}",
            $"SYMBOL(swapper_pg_dir)={Root + ImageOffset:x}", $"NUMBER(kimage_voffset)=0x{ImageOffset:x}",
            $"NUMBER(VA_BITS)={configuredBits}", $"NUMBER(TCR_EL1_T1SZ)=0x{64 - usedBits:x}",
            "NUMBER(PHYS_OFFSET)=0x40000000", "SYMBOL(_stext)=ffffc15bd1c10000"])
        {
            int equals = line.IndexOf('=', StringComparison.Ordinal);
            Info[line[..equals]] = line[(equals + 1)..];
        }
    }

    internal Dictionary<string, string> Info { get; } = new(StringComparer.Ordinal);

    internal FakeMemory Memory { get; } = new(0x5000_0000);

    internal byte[] InfoBytes => Encoding.ASCII.GetBytes(
        string.Concat(Info.Select(static pair => $"{pair.Key}={pair.Value}\n")));

    internal Vmcoreinfo Vmcoreinfo => Vmcoreinfo.Parse(InfoBytes);

    internal static string Hex(ulong value) => value.ToString("x", CultureInfo.InvariantCulture);

    /// <summary>Maps a page or a block of so many bits.</summary>
    internal void Map(ulong virtualAddress, ulong physical, int shift)
    {
        int perLevel = _pageShift - 3;
        int level = _pageShift;
        while (level + perLevel < _bits)
        {
            level += perLevel;
        }

        ulong table = Root;
        ulong mask = (1UL << (_bits - level)) - 1;
        for (; level > shift; level -= perLevel)
        {
            ulong slot = table + (((virtualAddress >> level) & mask) * 8);
            if ((Memory.ReadLong(slot) & 1) == 0)
            {
                Memory.WriteLong(slot, _nextTable | 3);
                _nextTable += 1UL << _pageShift;
            }

            table = Memory.ReadLong(slot) & 0xffff_ffff_f000 & (ulong.MaxValue << _pageShift);
            mask = (1UL << perLevel) - 1;
        }

        // Attributes everywhere that they may be.
        ulong attributes = 0x0060_0000_0000_0c00 | (shift == _pageShift ? 3UL : 1);
        Memory.WriteLong(table + (((virtualAddress >> level) & mask) * 8), attributes | Encode(physical));
    }

    private ulong Encode(ulong physical) => _pageShift == 16 ? (physical & 0xffff_ffff_0000) | ((physical >> 36) & 0xf000)
        : _isWide ? (physical & 0x3_ffff_ffff_f000) | ((physical >> 42) & 0x300)
        : physical;
}
