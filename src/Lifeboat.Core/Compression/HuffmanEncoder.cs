namespace Lifeboat.Core.Compression;

/// <summary>Makes a Huffman code of limited length from how often each symbol comes.</summary>
internal sealed class HuffmanEncoder
{
    private readonly int _maxLength;
    private readonly byte[] _lengths;
    private readonly ushort[] _codes;

    // Nodes of the tree: the leaves by weight, then the inner nodes as they are made, which is by weight too.
    private readonly ulong[] _sorted;
    private readonly int[] _weights;
    private readonly int[] _parents;

    internal HuffmanEncoder(int symbols, int maxLength)
    {
        _maxLength = maxLength;
        Counts = new int[symbols];
        _lengths = new byte[symbols];
        _codes = new ushort[symbols];
        _sorted = new ulong[symbols];
        _weights = new int[2 * symbols];
        _parents = new int[2 * symbols];
    }

    /// <summary>How often each symbol comes; the caller fills it before <see cref="Build"/>.</summary>
    internal int[] Counts { get; }

    /// <summary>Bits of each symbol's code, 0 for one that does not come.</summary>
    internal ReadOnlySpan<byte> Lengths => _lengths;

    /// <summary>The codes, their first bit lowest.</summary>
    internal ReadOnlySpan<ushort> Codes => _codes;

    /// <summary>Bits of all symbols together.</summary>
    internal int TotalBits
    {
        get
        {
            int bits = 0;
            for (int i = 0; i < _lengths.Length; i++)
            {
                bits += Counts[i] * _lengths[i];
            }

            return bits;
        }
    }

    /// <summary>Takes lengths that are given rather than built.</summary>
    internal void Set(ReadOnlySpan<byte> lengths)
    {
        lengths.CopyTo(_lengths);
        AssignCodes();
    }

    /// <summary>Makes the code from <see cref="Counts"/>.</summary>
    internal void Build()
    {
        int used = 0;
        for (int symbol = 0; symbol < Counts.Length; symbol++)
        {
            _lengths[symbol] = 0;
            if (Counts[symbol] > 0)
            {
                _sorted[used++] = ((ulong)(uint)Counts[symbol] << 32) | (uint)symbol;
            }
        }

        if (used == 1)
        {
            _lengths[(int)(uint)_sorted[0]] = 1;
        }
        else if (used > 1)
        {
            Sort(_sorted.AsSpan(0, used));
            MakeTree(used);
            AssignLengths(used);
        }

        AssignCodes();
    }

    /// <summary>Shell's sort: the library's own makes a delegate for each call when compiled ahead of time.</summary>
    private static void Sort(Span<ulong> values)
    {
        foreach (int gap in (ReadOnlySpan<byte>)[132, 57, 23, 10, 4, 1])
        {
            for (int i = gap; i < values.Length; i++)
            {
                ulong value = values[i];
                int place = i;
                for (; place >= gap && values[place - gap] > value; place -= gap)
                {
                    values[place] = values[place - gap];
                }

                values[place] = value;
            }
        }
    }

    private void MakeTree(int leaves)
    {
        for (int i = 0; i < leaves; i++)
        {
            _weights[i] = (int)(_sorted[i] >> 32);
        }

        int leaf = 0;
        int inner = leaves;
        for (int node = leaves; node < (2 * leaves) - 1; node++)
        {
            int first = TakeLightest(node);
            int second = TakeLightest(node);
            _weights[node] = _weights[first] + _weights[second];
            _parents[first] = node;
            _parents[second] = node;
        }

        int TakeLightest(int made) =>
            leaf < leaves && (inner >= made || _weights[leaf] <= _weights[inner]) ? leaf++ : inner++;
    }

    private void AssignLengths(int leaves)
    {
        // From the root down, a node's depth takes the place of its weight.
        Span<int> counts = stackalloc int[DeflateTables.MaxCodeLength + 1];
        int root = (2 * leaves) - 2;
        _weights[root] = 0;
        for (int node = root - 1; node >= 0; node--)
        {
            _weights[node] = _weights[_parents[node]] + 1;
            if (node < leaves)
            {
                counts[Math.Min(_weights[node], _maxLength)]++;
            }
        }

        // Codes that were cut made the code overfull: one of the longest joins the longest of the shorter ones below
        // a new fork, each time a place, until it is exactly full.
        int full = 1 << _maxLength;
        int taken = 0;
        for (int bits = 1; bits <= _maxLength; bits++)
        {
            taken += counts[bits] << (_maxLength - bits);
        }

        while (taken > full)
        {
            int bits = _maxLength - 1;
            while (counts[bits] == 0)
            {
                bits--;
            }

            counts[_maxLength]--;
            counts[bits]--;
            counts[bits + 1] += 2;
            taken--;
        }

        // The rarest symbols get the longest codes.
        int next = 0;
        for (int bits = _maxLength; bits > 0; bits--)
        {
            for (int i = 0; i < counts[bits]; i++)
            {
                _lengths[(int)(uint)_sorted[next++]] = (byte)bits;
            }
        }
    }

    private void AssignCodes()
    {
        Span<int> counts = stackalloc int[DeflateTables.MaxCodeLength + 1];
        Span<int> next = stackalloc int[DeflateTables.MaxCodeLength + 1];
        counts.Clear();
        foreach (byte length in _lengths)
        {
            counts[length]++;
        }

        counts[0] = 0;
        int code = 0;
        for (int bits = 1; bits <= DeflateTables.MaxCodeLength; bits++)
        {
            code = (code + counts[bits - 1]) << 1;
            next[bits] = code;
        }

        for (int symbol = 0; symbol < _lengths.Length; symbol++)
        {
            int bits = _lengths[symbol];
            _codes[symbol] = bits == 0 ? (ushort)0 : (ushort)HuffmanDecoder.Reverse(next[bits]++, bits);
        }
    }
}
