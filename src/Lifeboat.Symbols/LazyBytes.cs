using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Paging;

namespace Lifeboat.Symbols;

/// <summary>A stretch of the dumped kernel's memory, read a page at a time when it is asked for.</summary>
/// <remarks>
/// <para><b>Memory.</b> Pages that were read are kept: all, or, where memory is short, as many as the creator
/// says.</para>
/// <para><b>Damage.</b> A page that cannot be read costs what lies in it, and nothing around it.</para>
/// </remarks>
internal sealed class LazyBytes
{
    internal const int PieceSize = Pfn.PageSize;

    private readonly MemoryReader _read;
    private readonly byte[]?[] _pieces;
    private readonly long[] _tags;
    private readonly int _lead;
    private readonly int _keptPieces;
    private byte[] _scratch = new byte[64];

    /// <param name="space">The memory.</param>
    /// <param name="start">Its first byte.</param>
    /// <param name="length">Its bytes, checked against the limits by the caller.</param>
    /// <param name="keptPieces">How many pages are kept at most.</param>
    internal LazyBytes(AddressSpace space, VirtualAddress start, long length, int keptPieces = int.MaxValue)
        : this(
            (long offset, Span<byte> destination, out MemoryFault fault) =>
                space.Read(new VirtualAddress(unchecked(start.Value + (ulong)offset)), destination, out fault),
            length,
            (int)(start.Value % PieceSize),
            keptPieces)
    {
    }

    /// <summary>Bytes that are at hand already.</summary>
    internal LazyBytes(ReadOnlyMemory<byte> bytes)
        : this(
            (long offset, Span<byte> destination, out MemoryFault fault) =>
            {
                fault = MemoryFault.None;
                bytes.Span.Slice((int)offset, destination.Length).CopyTo(destination);
                return destination.Length;
            },
            bytes.Length,
            0,
            int.MaxValue)
    {
    }

    private LazyBytes(MemoryReader read, long length, int lead, int keptPieces)
    {
        _read = read;
        _lead = lead;
        _keptPieces = keptPieces;
        Length = length;
        long pieces = (lead + length + PieceSize - 1) / PieceSize;
        int slots = (int)Math.Clamp(pieces, 1, keptPieces);
        _pieces = new byte[]?[slots];
        _tags = new long[slots];
    }

    private delegate int MemoryReader(long offset, Span<byte> destination, out MemoryFault fault);

    internal long Length { get; }

    /// <summary>Why the last call that gave nothing did so.</summary>
    internal MemoryFault Fault { get; private set; }

    /// <summary>A part of the stretch with pages of its own, of which no more are kept than of the whole.</summary>
    internal LazyBytes Part(long offset, long length, int keptPieces) => new(
        (long at, Span<byte> destination, out MemoryFault fault) => _read(offset + at, destination, out fault),
        length,
        (int)((_lead + offset) % PieceSize),
        Math.Min(keptPieces, _keptPieces));

    /// <summary>Bytes, valid until the next call; false beyond the end, or when memory is not readable.</summary>
    internal bool TryGet(long offset, int count, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (offset < 0 || count < 0 || offset > Length - count)
        {
            Fault = new MemoryFault(unchecked((ulong)offset), MemoryFaultReason.Unmapped);
            return false;
        }

        long position = offset + _lead;
        int within = (int)(position % PieceSize);
        if (within + count <= PieceSize)
        {
            if (!TryPiece(position / PieceSize, within + count, out byte[] piece))
            {
                return false;
            }

            bytes = piece.AsSpan(within, count);
            return true;
        }

        return TryGather(position, count, out bytes);
    }

    /// <summary>
    /// What of the stretch lies from <paramref name="offset"/> to the end of its page: the fastest way through.
    /// </summary>
    internal bool TryGetRest(long offset, out ReadOnlySpan<byte> bytes)
    {
        int left = PieceSize - (int)((offset + _lead) % PieceSize);
        return TryGet(offset, (int)Math.Min(left, Math.Max(0, Length - offset)), out bytes) && !bytes.IsEmpty;
    }

    private bool TryGather(long position, int count, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (_scratch.Length < count)
        {
            _scratch = new byte[Math.Max(count, _scratch.Length * 2)];
        }

        int done = 0;
        while (done < count)
        {
            int within = (int)((position + done) % PieceSize);
            int part = Math.Min(count - done, PieceSize - within);
            if (!TryPiece((position + done) / PieceSize, within + part, out byte[] piece))
            {
                return false;
            }

            piece.AsSpan(within, part).CopyTo(_scratch.AsSpan(done));
            done += part;
        }

        bytes = _scratch.AsSpan(0, count);
        return true;
    }

    /// <summary>A page of which at least <paramref name="needed"/> bytes can be read.</summary>
    private bool TryPiece(long number, int needed, out byte[] piece)
    {
        int slot = (int)(number % _pieces.Length);
        piece = _pieces[slot] ??= new byte[PieceSize];
        if (_tags[slot] == number + 1)
        {
            return true;
        }

        // The first page begins within the stretch, and the last one ends there.
        int from = number == 0 ? _lead : 0;
        long offset = (number * PieceSize) + from - _lead;
        int count = (int)Math.Min(PieceSize - from, Length - offset);
        _tags[slot] = 0;
        int read = _read(offset, piece.AsSpan(from, count), out MemoryFault fault);
        if (read == count)
        {
            _tags[slot] = number + 1;
            return true;
        }

        Fault = fault;
        return from + read >= needed;
    }
}
