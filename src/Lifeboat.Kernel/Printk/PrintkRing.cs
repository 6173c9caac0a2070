using System.Buffers.Binary;
using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Paging;

namespace Lifeboat.Kernel.Printk;

/// <summary>
/// The fixed part of the printk ringbuffer: where its three arrays are, how large, and what is in use.
/// </summary>
/// <param name="CountBits">log2 of the number of descriptors.</param>
/// <param name="Descs">The descriptors.</param>
/// <param name="Infos">The records' facts, one a descriptor.</param>
/// <param name="HeadId">The newest record.</param>
/// <param name="TailId">The oldest record.</param>
/// <param name="TextBits">log2 of the bytes of text.</param>
/// <param name="Text">The ring of text.</param>
internal sealed record PrintkRing(
    int CountBits, VirtualAddress Descs, VirtualAddress Infos,
    ulong HeadId, ulong TailId, int TextBits, VirtualAddress Text)
{
    /// <summary>Ids have this many bits; the two above them are a descriptor's state.</summary>
    internal const int IdBits = 62;

    internal const ulong IdMask = (1UL << IdBits) - 1;

    internal ulong Count => 1UL << CountBits;

    internal ulong TextSize => 1UL << TextBits;

    /// <summary>Reads it; null and a diagnostic when it cannot be read or cannot be.</summary>
    internal static PrintkRing? Read(
        AddressSpace space, VirtualAddress pointer,
        PrintkLayout layout, DumpLimits limits, List<Diagnostic> diagnostics)
    {
        Span<byte> bytes = stackalloc byte[8];
        MemoryFault fault;
        if (space.Read(pointer, bytes, out fault) < bytes.Length)
        {
            diagnostics.Add(Unreadable("the pointer to the log (prb)", fault));
            return null;
        }

        byte[] ring = new byte[layout.RingbufferSize];
        if (space.Read(
            new VirtualAddress(BinaryPrimitives.ReadUInt64LittleEndian(bytes)), ring, out fault) < ring.Length)
        {
            diagnostics.Add(Unreadable("the log's ring (printk_ringbuffer)", fault));
            return null;
        }

        ReadOnlySpan<byte> desc = ring.AsSpan(layout.DescRing);
        ReadOnlySpan<byte> text = ring.AsSpan(layout.TextRing);
        uint countBits = BinaryPrimitives.ReadUInt32LittleEndian(desc[layout.CountBits..]);
        uint textBits = BinaryPrimitives.ReadUInt32LittleEndian(text[layout.SizeBits..]);
        if (countBits is 0 or > 30 || 1 << (int)countBits > limits.MaxLogRecords
            || textBits is < 4 or > 30 || 1 << (int)textBits > limits.MaxLogBytes)
        {
            diagnostics.Add(new Diagnostic(KernelDiagnosticIds.DamagedLog, "the size of the log cannot be")
            {
                Where = "printk_ringbuffer",
                Found = $"2^{countBits} records, 2^{textBits} bytes",
                Expected = $"at most {limits.MaxLogRecords} records and {limits.MaxLogBytes} bytes",
            });
            return null;
        }

        return new PrintkRing(
            (int)countBits,
            new VirtualAddress(BinaryPrimitives.ReadUInt64LittleEndian(desc[layout.Descs..])),
            new VirtualAddress(BinaryPrimitives.ReadUInt64LittleEndian(desc[layout.Infos..])),
            BinaryPrimitives.ReadUInt64LittleEndian(desc[layout.HeadId..]) & IdMask,
            BinaryPrimitives.ReadUInt64LittleEndian(desc[layout.TailId..]) & IdMask,
            (int)textBits,
            new VirtualAddress(BinaryPrimitives.ReadUInt64LittleEndian(text[layout.Data..])));
    }

    internal static Diagnostic Unreadable(string what, MemoryFault fault) =>
        new(KernelDiagnosticIds.UnreadableLog, $"{what} cannot be read") { Where = fault.ToString() };
}
