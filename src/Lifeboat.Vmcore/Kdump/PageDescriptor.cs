using Lifeboat.Core.IO;

namespace Lifeboat.Vmcore.Kdump;

/// <summary>Where one page's bytes are in a kdump-compressed file (<c>struct page_desc</c>, diskdump_mod.h).</summary>
internal readonly record struct PageDescriptor
{
    internal const int Size = 24;

    /// <summary>Where the bytes are; 0 in an incomplete dump means that they were never written.</summary>
    internal ulong Offset { get; init; }

    internal uint Length { get; init; }

    /// <summary>The codec (<c>DUMP_DH_COMPRESSED_*</c>), or 0 for a raw page.</summary>
    internal DumpStatus Codec { get; init; }

    internal ulong PageFlags { get; init; }

    internal static bool TryParse(ReadOnlySpan<byte> bytes, out PageDescriptor descriptor)
    {
        descriptor = default;
        if (bytes.Length < Size)
        {
            return false;
        }

        var reader = new SpanReader(bytes);
        descriptor = new PageDescriptor
        {
            Offset = reader.ReadUInt64(),
            Length = reader.ReadUInt32(),
            Codec = (DumpStatus)reader.ReadUInt32(),
            PageFlags = reader.ReadUInt64(),
        };
        return true;
    }

    internal void WriteTo(Span<byte> bytes)
    {
        var writer = new SpanWriter(bytes);
        writer.WriteUInt64(Offset);
        writer.WriteUInt32(Length);
        writer.WriteUInt32((uint)Codec);
        writer.WriteUInt64(PageFlags);
    }
}
