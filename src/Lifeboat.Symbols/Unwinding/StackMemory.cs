using System.Buffers.Binary;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Paging;

namespace Lifeboat.Symbols.Unwinding;

/// <summary>Reads words of stacks and of what stacks lead to.</summary>
/// <remarks>The last page is kept: where a stack is scanned, one word follows another.</remarks>
internal sealed class StackMemory(AddressSpace space)
{
    private const ulong NoPage = ulong.MaxValue;

    private readonly byte[] _page = new byte[Pfn.PageSize];
    private ulong _pageStart = NoPage;

    internal AddressSpace Space => space;

    internal bool TryWord(ulong address, out ulong value, out MemoryFault fault)
    {
        int within = (int)(address % Pfn.PageSize);
        if (within <= Pfn.PageSize - sizeof(ulong) && TryPage(address - (ulong)within))
        {
            (value, fault) = (BinaryPrimitives.ReadUInt64LittleEndian(_page.AsSpan(within)), MemoryFault.None);
            return true;
        }

        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        bool isRead = space.Read(new VirtualAddress(address), bytes, out fault) == bytes.Length;
        value = isRead ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0;
        return isRead;
    }

    internal bool TryWord(ulong address, out ulong value) => TryWord(address, out value, out _);

    /// <summary>
    /// Whether an instruction that ends at <paramref name="address"/> is a call, as far as its bytes are there to say:
    /// <c>E8</c> with a distance, or <c>FF /2</c> with any operand.
    /// </summary>
    internal bool MayFollowCall(VirtualAddress address)
    {
        const int Longest = 7;
        Span<byte> code = stackalloc byte[Longest];
        if (space.Read(address - new ByteCount(Longest), code, out _) < Longest)
        {
            return true;
        }

        if (code[Longest - 5] == 0xe8)
        {
            return true;
        }

        ReadOnlySpan<int> lengths = [2, 3, 4, 6, 7];
        foreach (int length in lengths)
        {
            if (code[Longest - length] == 0xff && (code[Longest - length + 1] & 0x38) == 0x10)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the instruction that ends at <paramref name="address"/> is a call of a function.</summary>
    internal bool IsCallOf(VirtualAddress address, VirtualAddress function)
    {
        const int Length = 5;
        Span<byte> code = stackalloc byte[Length];
        return space.Read(address - new ByteCount(Length), code, out _) == Length && code[0] == 0xe8
            && unchecked(address.Value + (ulong)BinaryPrimitives.ReadInt32LittleEndian(code[1..])) == function.Value;
    }

    private bool TryPage(ulong start)
    {
        if (_pageStart != start)
        {
            bool isRead = space.Read(new VirtualAddress(start), _page, out _) == _page.Length;
            _pageStart = isRead ? start : NoPage;
        }

        return _pageStart == start;
    }
}
