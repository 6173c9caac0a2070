using Lifeboat.Core.Compression;
using Lifeboat.Vmcore.Kdump;

namespace Lifeboat.Vmcore.Writing;

/// <summary>
/// Bitmap windows of 4 KiB (128 MiB of memory) kept packed in memory, for outputs that cannot be read back. Windows of
/// zeros take no room.
/// </summary>
internal sealed class WindowStore
{
    private const int WindowBytes = PageBitmap.BlockBytes;

    private readonly Dictionary<ulong, byte[]> _windows = [];
    private readonly SnappyCompressor _compressor = new();
    private readonly byte[] _packed = new byte[WindowBytes + 64];

    internal void Write(ulong startPfn, ReadOnlySpan<byte> bits)
    {
        if (!bits.ContainsAnyExcept((byte)0))
        {
            _windows.Remove(startPfn);
            return;
        }

        // Bits that do not pack are kept as they are.
        int length = _compressor.Compress(bits, _packed.AsSpan(0, WindowBytes - 1));
        _windows[startPfn] = length == 0 ? bits.ToArray() : _packed[..length];
    }

    internal void Read(ulong startPfn, Span<byte> bits)
    {
        if (!_windows.TryGetValue(startPfn, out byte[]? packed))
        {
            bits.Clear();
        }
        else if (packed.Length == WindowBytes)
        {
            packed.CopyTo(bits);
        }
        else
        {
            _ = SnappyDecompressor.Decompress(packed, bits);
        }
    }
}
