using Lifeboat.Core.IO;
using Lifeboat.Core.Memory;

namespace Lifeboat.Kexec.Boot;

/// <summary>One range of the memory map that a kernel is given (struct boot_e820_entry).</summary>
/// <param name="Range">The range.</param>
/// <param name="Type">What it is.</param>
public sealed record E820Entry(PhysicalRange Range, E820Type Type)
{
    /// <summary>Bytes of an entry in boot_params.</summary>
    internal const int Size = 20;

    internal void WriteTo(Span<byte> bytes)
    {
        var writer = new SpanWriter(bytes);
        writer.WriteUInt64(Range.Start.Value);
        writer.WriteUInt64(Range.Length.Value);
        writer.WriteUInt32(unchecked((uint)Type));
    }
}
