using Lifeboat.Core;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Paging;

namespace Lifeboat.Symbols.Kallsyms;

/// <summary>
/// The packed names: for each symbol the number of its bytes (in one byte, or in two when the first has its top bit
/// set), then the bytes.
/// </summary>
internal sealed class KallsymsNames
{
    private const int TwoByteLength = 0x80;

    // The place of every eighth name is kept, from which the others are counted off, and 1 MiB of the pages.
    private const int Stride = 8;
    private const int KeptPages = 256;

    private readonly LazyBytes _bytes;
    private readonly int _count;
    private readonly int _longest;
    private int[]? _starts;
    private int _reachable;

    internal KallsymsNames(AddressSpace space, KallsymsTables tables, DumpLimits limits, int keptPieces)
    {
        // Whatever the kernel's version, the strings come after the names.
        ulong gap = unchecked(tables.TokenTable.Value - tables.Names.Value);
        _bytes = new LazyBytes(
            space, tables.Names, (long)Math.Min(gap, (ulong)limits.MaxSymbolTableBytes), Math.Min(keptPieces, KeptPages));
        _count = tables.Count;
        _longest = limits.MaxSymbolNameLength;
    }

    /// <summary>Why the last call that gave nothing did so.</summary>
    internal MemoryFault Fault => _bytes.Fault;

    /// <summary>
    /// The packed name at a position, valid until the next call; moves the position on to the next name.
    /// </summary>
    internal bool TryNext(scoped ref int position, out ReadOnlySpan<byte> codes)
    {
        codes = default;
        if (!_bytes.TryGet(position, 1, out ReadOnlySpan<byte> first))
        {
            return false;
        }

        int length = first[0];
        int start = position + 1;

        // Before 6.1 a length had one byte, and no name was as long as 128.
        if (length >= TwoByteLength)
        {
            if (!_bytes.TryGet(start, 1, out ReadOnlySpan<byte> second))
            {
                return false;
            }

            length = (length & (TwoByteLength - 1)) | (second[0] << 7);
            start++;
        }

        if (length > _longest || !_bytes.TryGet(start, length, out codes))
        {
            return false;
        }

        position = start + length;
        return true;
    }

    /// <summary>The packed name of a symbol, valid until the next call.</summary>
    internal bool TryGet(int index, out ReadOnlySpan<byte> codes)
    {
        int[] starts = _starts ??= FindStarts();
        codes = default;
        if (index >= _reachable)
        {
            return false;
        }

        int position = starts[index / Stride];
        for (int i = index % Stride; i > 0; i--)
        {
            if (!TryNext(ref position, out _))
            {
                return false;
            }
        }

        return TryNext(ref position, out codes);
    }

    /// <summary>
    /// One pass over all names, a few milliseconds. After a name that cannot be read the rest are not found.
    /// </summary>
    private int[] FindStarts()
    {
        int[] starts = new int[(_count + Stride - 1) / Stride];
        int position = 0;
        for (_reachable = 0; _reachable < _count; _reachable++)
        {
            if (_reachable % Stride == 0)
            {
                starts[_reachable / Stride] = position;
            }

            if (!TryNext(ref position, out _))
            {
                break;
            }
        }

        return starts;
    }
}
