using System.Buffers.Binary;
using Lifeboat.Core;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Paging;

namespace Lifeboat.Symbols.Kallsyms;

/// <summary>
/// Finds the table of symbols in the kernel's image by the shape of its parts, for kernels that do not say where it is
/// (before 6.0).
/// </summary>
/// <remarks>
/// <code>
/// 4.20 to 6.3   offsets, base, count, names, markers, [sequence,] token table, token index
/// from 6.4      count, names, markers, token table, token index, offsets, base
/// </code>
/// Every part begins at a multiple of 8, in the newest kernels of 4. Digits are in so many names that they keep strings of one character each,
/// which makes 20 bytes of the token table known. Names are believed when all of them can be walked and the markers,
/// which repeat where every 256th begins, agree. How much is tried is bounded, whatever the memory holds.
/// </remarks>
internal sealed class KallsymsSearch
{
    private const int Alignment = 4;
    private const int OldAlignment = 8;
    private const int WindowSize = 1 << 16;
    private const int FirstDigit = '0';
    private const int LongestHead = 4096; // the strings before the digits
    private const int LongestTable = 1 << 14;
    private const int SmallestCount = 512; // so that there is a marker to hold it to
    private const int NamesPerMarker = 256;
    private const int KeptPieces = 64;
    private const int MostCandidates = 1024;
    private const int MostNamesWalked = 1 << 26;
    private const ulong KernelHalf = 1UL << 63;

    private static ReadOnlySpan<byte> Digits => "0\01\02\03\04\05\06\07\08\09\0"u8;

    private readonly AddressSpace _space;
    private readonly DumpLimits _limits;
    private int _candidates;
    private int _namesWalked;

    private KallsymsSearch(AddressSpace space, DumpLimits limits)
    {
        _space = space;
        _limits = limits;
    }

    /// <summary>The tables; null when they are not found.</summary>
    internal static KallsymsTables? Find(AddressSpace space, Vmcoreinfo info, DumpLimits limits) =>
        info.TryGetSymbol("_stext", out VirtualAddress text) || info.TryGetSymbol("init_top_pgt", out text)
        || info.TryGetSymbol("swapper_pg_dir", out text)
            ? new KallsymsSearch(space, limits).Find(text) : null;

    private KallsymsTables? Find(VirtualAddress start)
    {
        byte[] window = new byte[WindowSize];
        ulong end = start.Value + Math.Min((ulong)_limits.MaxSymbolSearchBytes, ulong.MaxValue - start.Value);
        ulong position = start.Value;

        // Windows overlap, so that no digits are cut in two; what cannot be read is stepped over.
        while (position < end && position >= start.Value)
        {
            int read = _space.Read(new VirtualAddress(position), window, out _);
            ReadOnlySpan<byte> rest = window.AsSpan(0, read);
            int found;
            int from = 0;
            while ((found = rest[from..].IndexOf(Digits)) >= 0)
            {
                var digits = new VirtualAddress(position + (ulong)(from + found));
                if (++_candidates > MostCandidates)
                {
                    return null;
                }

                if (TryFindTokens(digits, out VirtualAddress table, out VirtualAddress index)
                    && FindNames(table, index) is { } tables)
                {
                    return tables;
                }

                from += found + 1;
            }

            ulong step = read == WindowSize ? WindowSize - (ulong)Digits.Length : ((ulong)read & ~0xFFFUL) + 0x1000;
            position = unchecked(position + step);
        }

        return null;
    }

    private bool TryFindTokens(VirtualAddress digits, out VirtualAddress table, out VirtualAddress index)
    {
        (table, index) = (default, default);
        byte[] around = new byte[LongestHead + LongestTable];
        var begin = new VirtualAddress((digits.Value - LongestHead) & ~(ulong)(Alignment - 1));
        int read = _space.Read(begin, around, out _);
        int digitsAt = (int)(digits.Value - begin.Value);
        for (int start = digitsAt & ~(Alignment - 1); start >= 0; start -= Alignment)
        {
            if (TryFindIndex(around.AsSpan(0, read), start, digitsAt, out int indexAt))
            {
                table = begin + new ByteCount((ulong)start);
                index = begin + new ByteCount((ulong)indexAt);
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether 256 strings begin here, with 0's at its place, and the index of them after them.</summary>
    private static bool TryFindIndex(ReadOnlySpan<byte> bytes, int start, int digitsAt, out int indexAt)
    {
        Span<ushort> starts = stackalloc ushort[KallsymsTokens.Count];
        int position = start;
        indexAt = 0;
        for (int i = 0; i < KallsymsTokens.Count; i++)
        {
            if (i == FirstDigit && position != digitsAt)
            {
                return false;
            }

            int length = position < bytes.Length ? bytes[position..].IndexOf((byte)0) : -1;
            if (length < 0 || position - start > ushort.MaxValue)
            {
                return false;
            }

            starts[i] = (ushort)(position - start);
            position += length + 1;
        }

        indexAt = AlignUp(position - start, Alignment) + start;
        if (IsIndex(bytes, indexAt, starts))
        {
            return true;
        }

        indexAt = AlignUp(position - start, OldAlignment) + start;
        return IsIndex(bytes, indexAt, starts);
    }

    private static bool IsIndex(ReadOnlySpan<byte> bytes, int place, ReadOnlySpan<ushort> starts)
    {
        for (int i = 0; i < starts.Length; i++)
        {
            int at = place + (i * sizeof(ushort));
            if (at + sizeof(ushort) > bytes.Length || BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]) != starts[i])
            {
                return false;
            }
        }

        return true;
    }

    private static int AlignUp(int value, int alignment) => (value + alignment - 1) & ~(alignment - 1);

    /// <summary>Goes back from the strings: the count comes right before the names.</summary>
    private KallsymsTables? FindNames(VirtualAddress table, VirtualAddress index)
    {
        int span = (int)Math.Min((ulong)_limits.MaxSymbolTableBytes, table.Value & ~KernelHalf);
        var begin = new VirtualAddress((table.Value - (ulong)span) & ~(ulong)(Alignment - 1));
        var bytes = new LazyBytes(_space, begin, (long)(table.Value - begin.Value), KeptPieces);
        for (long at = bytes.Length - OldAlignment; at >= 0; at -= Alignment)
        {
            if (!bytes.TryGet(at, OldAlignment, out ReadOnlySpan<byte> word))
            {
                // The image's first page was met: nothing lies before it.
                return null;
            }

            uint count = BinaryPrimitives.ReadUInt32LittleEndian(word);
            if (count < SmallestCount || count > (uint)_limits.MaxKernelSymbols)
            {
                continue;
            }

            // The name's length is never 0: padding cannot be taken for names.
            bool isPadded = BinaryPrimitives.ReadUInt32LittleEndian(word[Alignment..]) == 0;
            long start = at + (isPadded ? OldAlignment : Alignment);
            VirtualAddress names = begin + new ByteCount((ulong)start);
            if (AreNames(bytes, start, (int)count) && FindAddresses(names, table, index, (int)count) is { } tables)
            {
                return tables;
            }
        }

        return null;
    }

    private bool AreNames(LazyBytes bytes, long start, int count)
    {
        long position = start;
        long second = 0;
        for (int i = 0; i < count; i++)
        {
            second = i == NamesPerMarker ? position - start : second;
            if (++_namesWalked > MostNamesWalked
                || !bytes.TryGet(position, 2, out ReadOnlySpan<byte> length) || length[0] == 0)
            {
                return false;
            }

            position += length[0] < 0x80 ? 1 + length[0] : 2 + ((length[0] & 0x7F) | (length[1] << 7));
        }

        int size = (int)(position - start);
        return AreMarkers(bytes, start + AlignUp(size, Alignment), second)
            || AreMarkers(bytes, start + AlignUp(size, OldAlignment), second);
    }

    private static bool AreMarkers(LazyBytes bytes, long place, long second) =>
        bytes.TryGet(place, 2 * sizeof(uint), out ReadOnlySpan<byte> first)
        && BinaryPrimitives.ReadUInt32LittleEndian(first) == 0
        && BinaryPrimitives.ReadUInt32LittleEndian(first[sizeof(uint)..]) == second;

    /// <summary>The base and the offsets lie before the names or after the index, by version.</summary>
    private KallsymsTables? FindAddresses(
        VirtualAddress names, VirtualAddress table, VirtualAddress index, int count)
    {
        ulong size = (ulong)AlignUp(count * sizeof(int), OldAlignment);
        ulong before = names.Value - (2 * OldAlignment);
        ulong after = index.Value + (KallsymsTokens.Count * sizeof(ushort));
        bool isBefore = IsBase(before, names);
        bool isBased = isBefore || IsBase(after + size, names);
        if (!isBased && !ArePlaceRelative(after, names))
        {
            return null;
        }

        _ = TryReadBase(isBefore ? before : after + size, out VirtualAddress relativeBase);
        return new KallsymsTables
        {
            Count = count,
            Names = names,
            TokenTable = table,
            TokenIndex = index,
            Offsets = new VirtualAddress(isBefore ? before - size : after),
            RelativeBase = isBased ? relativeBase : null,
        };
    }

    /// <summary>Whether the address of the image's first page stands here.</summary>
    private bool IsBase(ulong place, VirtualAddress names) =>
        TryReadBase(place, out VirtualAddress found) && found.Value >= KernelHalf
        && found.Value % Pfn.PageSize == 0 && found.Value <= names.Value;

    /// <summary>Whether offsets from their own places begin here: addresses go up, and not far from the names.</summary>
    private bool ArePlaceRelative(ulong place, VirtualAddress names)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int) * NamesPerMarker];
        if (_space.Read(new VirtualAddress(place), bytes, out _) < bytes.Length)
        {
            return false;
        }

        ulong last = KernelHalf;
        ulong highest = names.Value + (ulong)_limits.MaxSymbolSearchBytes;
        for (int i = 0; i < bytes.Length; i += sizeof(int))
        {
            ulong address = unchecked(
                place + (ulong)i + (ulong)BinaryPrimitives.ReadInt32LittleEndian(bytes[i..]));
            if (address < last || address > highest)
            {
                return false;
            }

            last = address;
        }

        return true;
    }

    private bool TryReadBase(ulong place, out VirtualAddress relativeBase)
    {
        Span<byte> bytes = stackalloc byte[8];
        bool isRead = _space.Read(new VirtualAddress(place), bytes, out _) == bytes.Length;
        relativeBase = new VirtualAddress(isRead ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0);
        return isRead;
    }
}
