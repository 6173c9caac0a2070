namespace Lifeboat.Core.Compression;

/// <summary>What the compressors' tables of positions have in common.</summary>
internal static class PositionTable
{
    // The C library clears more than 2 KiB by a string instruction where the processor says that it is fast. An
    // emulated processor says so too, and stores byte by byte: that was half the time of a capture with lzo in a
    // virtual machine without KVM. With plain stores it costs the same where the instruction is fast.
    private const int Piece = 1024;

    /// <summary>Makes every entry 0.</summary>
    internal static void Clear(Span<ushort> table)
    {
        while (table.Length > Piece)
        {
            table[..Piece].Clear();
            table = table[Piece..];
        }

        table.Clear();
    }
}
