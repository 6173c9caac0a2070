using System.Numerics;

namespace Lifeboat.Symbols.Types;

/// <summary>From a name's offset among the strings to the types that have it: two numbers a type, made in one pass.</summary>
internal sealed class BtfNameIndex
{
    private const uint Multiplier = 0x9e37_79b1; // 2^32 divided by the golden ratio spreads what lies close together

    private readonly int[] _heads;
    private readonly int[] _next;
    private readonly int _shift;
    private readonly int _firstId;

    internal BtfNameIndex(BtfSection section)
    {
        int count = section.EndId - section.FirstId;
        int slots = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(2, count / 2));
        _shift = 32 - BitOperations.Log2((uint)slots);
        _heads = new int[slots];
        _next = new int[count];
        _firstId = section.FirstId;
        for (int position = 0, i = 0; i < count; i++)
        {
            BtfRecord record = section.RecordAt(position);
            if (record.Name != 0)
            {
                ref int head = ref _heads[SlotOf(record.Name)];
                _next[i] = head;
                head = _firstId + i;
            }

            position += record.Length;
        }
    }

    /// <summary>The last type whose name may be at this offset; 0 for none.</summary>
    internal int Last(uint name) => _heads[SlotOf(name)];

    /// <summary>The one before it; 0 for none. Always a smaller number.</summary>
    internal int Before(int id) => _next[id - _firstId];

    private uint SlotOf(uint name) => unchecked(name * Multiplier) >> _shift;
}
