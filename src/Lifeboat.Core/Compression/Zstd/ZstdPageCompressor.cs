using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Lifeboat.Core.Memory;

namespace Lifeboat.Core.Compression.Zstd;

/// <summary>Compresses pages with zstd, each a frame of one block: about the size of level 1, in less time.</summary>
/// <remarks>
/// <para><b>Format.</b> RFC 8878: a single-segment frame with the size of its content and no checksum.</para>
/// <para><b>Hot path.</b> Nothing is allocated; all that a page needs is kept from page to page.</para>
/// <para><b>Thread safety.</b> One thread at a time; make one compressor a thread.</para>
/// </remarks>
public sealed unsafe class ZstdPageCompressor : IDisposable
{
    private const uint Magic = 0xfd2fb528;
    private const int MinSearch = 16;

    private readonly NativeBuffer _memory = new(sizeof(ZstdWorkspace));

    /// <summary>A compressor, which takes half a MiB of address space and, for pages of 4 KiB, a tenth of that in memory.</summary>
    /// <exception cref="OutOfMemoryException">There is not that much memory.</exception>
    public ZstdPageCompressor() => ZstdSequences.BuildDefaults(Workspace);

    /// <summary>The longest source.</summary>
    public static int MaxSourceLength => ZstdWorkspace.MaxBlock;

    // Safety: the buffer is as long as the workspace and does not move; Span refuses when it is gone.
    private ZstdWorkspace* Workspace => (ZstdWorkspace*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(_memory.Span));

    /// <summary>Compresses <paramref name="source"/> into <paramref name="target"/>.</summary>
    /// <returns>The bytes written, or 0 when the result does not fit.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The source is longer than <see cref="MaxSourceLength"/>.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public int Compress(ReadOnlySpan<byte> source, Span<byte> target)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(source.Length, MaxSourceLength, nameof(source));
        ZstdWorkspace* work = Workspace;

        // Safety: of the workspace only what it has room for is written; the source is pinned and read within its length.
        byte* block = WriteHeader(work->Output, source.Length);
        byte* content = block + 3;
        int kind = 0;
        int size = source.Length;
        if (source.Length > 0 && !source.ContainsAnyExcept(source[0]))
        {
            (kind, size) = (1, 1);
            *content = source[0];
        }
        else if (source.Length >= MinSearch)
        {
            fixed (byte* from = source)
            {
                size = PackBlock(work, from, source.Length, content);
            }

            kind = size < source.Length ? 2 : 0;
        }

        if (kind == 0)
        {
            size = source.Length;
            source.CopyTo(new Span<byte>(content, size));
        }

        uint header = 1u | ((uint)kind << 1) | ((uint)(kind == 1 ? source.Length : size) << 3);
        block[0] = (byte)header;
        block[1] = (byte)(header >> 8);
        block[2] = (byte)(header >> 16);
        int written = (int)(content - work->Output) + size;
        return new ReadOnlySpan<byte>(work->Output, written).TryCopyTo(target) ? written : 0;
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();

    private static int PackBlock(ZstdWorkspace* work, byte* source, int length, byte* to)
    {
        int sequences = ZstdMatches.Find(work, source, length);
        byte* limit = to + length;
        byte* end = ZstdLiterals.Write(work, to);
        if (end < limit)
        {
            end = ZstdSequences.Write(work, sequences, end, limit);
        }

        return (int)(end - to);
    }

    private static byte* WriteHeader(byte* to, int length)
    {
        // Safety: the header takes eight bytes at most.
        *(uint*)to = Magic;
        if (length < 256)
        {
            to[4] = 0x20;
            to[5] = (byte)length;
            return to + 6;
        }

        to[4] = 0x60;
        *(ushort*)(to + 5) = (ushort)(length - 256);
        return to + 7;
    }
}
