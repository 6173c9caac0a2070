using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lifeboat.Core.Compression.Zstd;

/// <summary>Writes the literals section of a block (RFC 8878, 3.1.1.3.1).</summary>
[SkipLocalsInit]
internal static unsafe class ZstdLiterals
{
    private const int MinHuffman = 48; // below, a table costs more than it saves
    private const int MaxOneStream = 1023;

    /// <summary>Writes the section: packed where that is shorter, one byte where all are the same, else as they are.</summary>
    /// <returns>Where the section ends.</returns>
    internal static byte* Write(ZstdWorkspace* work, byte* to)
    {
        // Safety: the section is never longer than the literals and five bytes, which the workspace has room for.
        int count = work->LiteralCount;
        byte* literals = work->Literals;
        if (count < MinHuffman)
        {
            return WriteRaw(literals, count, to);
        }

        int largest = Count(work->Counts, literals, count);
        if (largest == count)
        {
            byte* at = WriteShortHeader(1, count, to);
            *at = literals[0];
            return at + 1;
        }

        if (largest <= (count >> 7) + 4)
        {
            return WriteRaw(literals, count, to);
        }

        int bits = HuffmanCode.Build(work, count);
        int header = count <= MaxOneStream ? 3 : count < 1 << 14 ? 4 : 5;
        byte* table = to + header;
        byte* coded = HuffmanWeights.Write(work, table);
        int streams = count <= MaxOneStream ? 1 : 4;
        if (coded == null || (coded - table) + (bits >> 3) + (streams == 4 ? 10 : 1) >= count - (count >> 8))
        {
            return WriteRaw(literals, count, to);
        }

        byte* end = streams == 1
            ? WriteStream(work->Codes, literals, count, coded)
            : WriteFourStreams(work->Codes, literals, count, coded);
        ulong size = (ulong)(end - table);
        ulong value = header switch
        {
            3 => 2ul | ((ulong)count << 4) | (size << 14),
            4 => 2ul | (2ul << 2) | ((ulong)count << 4) | (size << 18),
            _ => 2ul | (3ul << 2) | ((ulong)count << 4) | (size << 22),
        };
        for (int i = 0; i < header; i++)
        {
            to[i] = (byte)(value >> (8 * i));
        }

        return end;
    }

    private static byte* WriteRaw(byte* literals, int count, byte* to)
    {
        to = WriteShortHeader(0, count, to);
        Unsafe.CopyBlockUnaligned(to, literals, (uint)count);
        return to + count;
    }

    private static byte* WriteShortHeader(int kind, int count, byte* to)
    {
        if (count < 32)
        {
            to[0] = (byte)(kind | (count << 3));
            return to + 1;
        }

        if (count < 4096)
        {
            *(ushort*)to = (ushort)(kind | (1 << 2) | (count << 4));
            return to + 2;
        }

        *(uint*)to = (uint)(kind | (3 << 2) | (count << 4));
        return to + 3;
    }

    private static int Count(ushort* counts, byte* literals, int count)
    {
        // Safety: the four tables hold 256 counts each; the literals are read within their count. No count reaches
        // 65,536, as a block of one byte only does not come here.
        new Span<ushort>(counts, 4 * 256).Clear();
        byte* end = literals + count;
        while (literals <= end - 8)
        {
            ulong word = *(ulong*)literals;
            counts[(byte)word]++;
            counts[256 + (byte)(word >> 8)]++;
            counts[512 + (byte)(word >> 16)]++;
            counts[768 + (byte)(word >> 24)]++;
            counts[(byte)(word >> 32)]++;
            counts[256 + (byte)(word >> 40)]++;
            counts[512 + (byte)(word >> 48)]++;
            counts[768 + (byte)(word >> 56)]++;
            literals += 8;
        }

        for (; literals < end; literals++)
        {
            counts[*literals]++;
        }

        var most = Vector128<ushort>.Zero;
        for (int i = 0; i < 256; i += 8)
        {
            Vector128<ushort> sum = Vector128.Load(counts + i) + Vector128.Load(counts + 256 + i)
                + Vector128.Load(counts + 512 + i) + Vector128.Load(counts + 768 + i);
            sum.Store(counts + i);
            most = Vector128.Max(most, sum);
        }

        int largest = 0;
        for (int i = 0; i < 8; i++)
        {
            largest = Math.Max(largest, most[i]);
        }

        return largest;
    }

    private static byte* WriteFourStreams(ulong* codes, byte* literals, int count, byte* to)
    {
        int part = (count + 3) / 4;
        byte* sizes = to;
        to += 6;
        for (int i = 0; i < 3; i++)
        {
            byte* end = WriteStream(codes, literals + (i * part), part, to);
            ((ushort*)sizes)[i] = (ushort)(end - to);
            to = end;
        }

        return WriteStream(codes, literals + (3 * part), count - (3 * part), to);
    }

    /// <summary>Writes the codes of the literals, the last first, and the bit that ends a stream.</summary>
    private static byte* WriteStream(ulong* codes, byte* literals, int count, byte* to)
    {
        // Safety: the caller made sure that all the codes fit; each store writes up to eight bytes beyond them.
        // The bits not yet written stand at the top of the word: a code moves them down by its own length.
        ulong word = 0;
        int bits = 0;
        byte* at = literals + count;
        for (int odd = count & 3; odd > 0; odd--)
        {
            ulong code = codes[*--at];
            word = (word >> (int)code) | code;
            bits += (byte)code;
        }

        *(ulong*)to = word >> (64 - bits);
        to += bits >> 3;
        bits &= 7;
        while (at > literals)
        {
            at -= 4;
            ulong d = codes[at[3]];
            ulong c = codes[at[2]];
            ulong b = codes[at[1]];
            ulong a = codes[at[0]];
            word = (word >> (int)d) | d;
            word = (word >> (int)c) | c;
            word = (word >> (int)b) | b;
            word = (word >> (int)a) | a;
            bits += (byte)d + (byte)c + (byte)b + (byte)a;
            *(ulong*)to = word >> (64 - bits);
            to += bits >> 3;
            bits &= 7;
        }

        word = (word >> 1) | (1ul << 63);
        bits++;
        *(ulong*)to = word >> (64 - bits);
        return to + ((bits + 7) >> 3);
    }
}
