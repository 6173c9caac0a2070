using System.Numerics;

namespace Lifeboat.Symbols.Kallsyms;

/// <summary>From a name's hash to the symbols that have it: two numbers a symbol, made in one pass.</summary>
internal sealed class KallsymsNameIndex
{
    private const int None = -1;

    private readonly int[] _heads;
    private readonly int[] _next;

    internal KallsymsNameIndex(KallsymsNames names, KallsymsTokens tokens, int count)
    {
        // One or two symbols to a slot, on average: a slot for each would take twice the memory.
        _heads = new int[(int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(2, count / 2))];
        _next = new int[count];
        Array.Fill(_heads, None);
        int position = 0;
        for (int i = 0; i < count && names.TryNext(ref position, out ReadOnlySpan<byte> codes); i++)
        {
            ref int head = ref _heads[SlotOf(tokens.HashPacked(codes))];
            _next[i] = head;
            head = i;
        }
    }

    /// <summary>The last of the symbols whose names may have this hash; -1 for none.</summary>
    internal int Last(uint hash) => _heads[SlotOf(hash)];

    /// <summary>The one before it; -1 for none. Always a smaller number.</summary>
    internal int Before(int index) => _next[index];

    private uint SlotOf(uint hash) => hash & (uint)(_heads.Length - 1);
}
