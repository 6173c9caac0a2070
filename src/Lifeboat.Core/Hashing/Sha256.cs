using System.Buffers.Binary;
using System.Numerics;

namespace Lifeboat.Core.Hashing;

/// <summary>
/// SHA-256 (FIPS 180-4), computed a piece at a time. The runtime's own needs a shared OpenSSL, which a static program
/// that runs as the only process of a capture kernel does not have.
/// </summary>
/// <remarks><para><b>Thread safety.</b> One thread at a time.</para></remarks>
public sealed class Sha256
{
    /// <summary>Bytes of a digest.</summary>
    public const int DigestSize = 32;

    private const int BlockSize = 64;

    private readonly uint[] _state = [.. InitialState];
    private readonly byte[] _pending = new byte[BlockSize];
    private int _pendingLength;
    private ulong _totalLength;

    /// <summary>The eight words a hash starts from.</summary>
    public static ReadOnlySpan<uint> InitialState =>
    [
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
    ];

    /// <summary>The constants of the 64 rounds.</summary>
    public static ReadOnlySpan<uint> RoundConstants =>
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    /// <summary>The digest of <paramref name="data"/>.</summary>
    public static byte[] HashData(ReadOnlySpan<byte> data)
    {
        var hash = new Sha256();
        hash.Append(data);
        return hash.Finish();
    }

    /// <summary>The digest of what is left of <paramref name="stream"/>.</summary>
    public static byte[] HashData(Stream stream)
    {
        var hash = new Sha256();
        byte[] buffer = new byte[1 << 17];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            hash.Append(buffer.AsSpan(0, read));
        }

        return hash.Finish();
    }

    /// <summary>Adds <paramref name="data"/> to what is hashed.</summary>
    public void Append(ReadOnlySpan<byte> data)
    {
        _totalLength += (ulong)data.Length;
        if (_pendingLength > 0)
        {
            int taken = Math.Min(BlockSize - _pendingLength, data.Length);
            data[..taken].CopyTo(_pending.AsSpan(_pendingLength));
            _pendingLength += taken;
            data = data[taken..];
            if (_pendingLength < BlockSize)
            {
                return;
            }

            Compress(_state, _pending);
            _pendingLength = 0;
        }

        for (; data.Length >= BlockSize; data = data[BlockSize..])
        {
            Compress(_state, data[..BlockSize]);
        }

        data.CopyTo(_pending);
        _pendingLength = data.Length;
    }

    /// <summary>Ends the hash and gives its 32 bytes. The object is not used afterwards.</summary>
    public byte[] Finish()
    {
        Span<byte> tail = stackalloc byte[BlockSize * 2];
        tail.Clear();
        _pending.AsSpan(0, _pendingLength).CopyTo(tail);
        tail[_pendingLength] = 0x80;
        tail = tail[..(_pendingLength < BlockSize - 8 ? BlockSize : BlockSize * 2)];
        BinaryPrimitives.WriteUInt64BigEndian(tail[^8..], _totalLength * 8);
        for (; tail.Length > 0; tail = tail[BlockSize..])
        {
            Compress(_state, tail[..BlockSize]);
        }

        byte[] digest = new byte[DigestSize];
        for (int word = 0; word < _state.Length; word++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(digest.AsSpan(word * 4), _state[word]);
        }

        return digest;
    }

    /// <summary>Overwrites what it knows, for hashes of secrets. The object is not used afterwards.</summary>
    internal void Clear()
    {
        _state.AsSpan().Clear();
        _pending.AsSpan().Clear();
    }

    private static void Compress(Span<uint> state, ReadOnlySpan<byte> block)
    {
        unchecked
        {
            Span<uint> w = stackalloc uint[64];
            for (int i = 0; i < 16; i++)
            {
                w[i] = BinaryPrimitives.ReadUInt32BigEndian(block[(i * 4)..]);
            }

            for (int i = 16; i < w.Length; i++)
            {
                uint x = w[i - 15], y = w[i - 2];
                w[i] = w[i - 16] + w[i - 7]
                    + (BitOperations.RotateRight(x, 7) ^ BitOperations.RotateRight(x, 18) ^ (x >> 3))
                    + (BitOperations.RotateRight(y, 17) ^ BitOperations.RotateRight(y, 19) ^ (y >> 10));
            }

            ReadOnlySpan<uint> k = RoundConstants;
            uint a = state[0], b = state[1], c = state[2], d = state[3];
            uint e = state[4], f = state[5], g = state[6], h = state[7];
            for (int i = 0; i < w.Length; i++)
            {
                uint t1 = h + (BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11)
                    ^ BitOperations.RotateRight(e, 25)) + ((e & f) ^ (~e & g)) + k[i] + w[i];
                uint t2 = (BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13)
                    ^ BitOperations.RotateRight(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
                h = g;
                g = f;
                f = e;
                e = d + t1;
                d = c;
                c = b;
                b = a;
                a = t1 + t2;
            }

            state[0] += a;
            state[1] += b;
            state[2] += c;
            state[3] += d;
            state[4] += e;
            state[5] += f;
            state[6] += g;
            state[7] += h;
        }
    }
}
