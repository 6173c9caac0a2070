using Lifeboat.Core.IO;
using Lifeboat.Core.Memory;

namespace Lifeboat.Kexec.Boot;

/// <summary>An item of the list at setup_header.setup_data (struct setup_data).</summary>
/// <param name="Type">What it tells.</param>
/// <param name="Content">Its bytes.</param>
internal sealed record SetupDataItem(SetupDataType Type, ReadOnlyMemory<byte> Content)
{
    /// <summary>Bytes before the content: the next item's address, type, length.</summary>
    internal const int HeaderSize = 16;

    /// <summary>Its bytes with the header, a multiple of 8.</summary>
    internal int Size => (HeaderSize + Content.Length + 7) & ~7;

    internal void WriteTo(Span<byte> bytes, PhysicalAddress next)
    {
        var writer = new SpanWriter(bytes);
        writer.WriteUInt64(next.Value);
        writer.WriteUInt32((uint)Type);
        writer.WriteUInt32((uint)Content.Length);
        Content.Span.CopyTo(bytes[HeaderSize..]);
    }
}
