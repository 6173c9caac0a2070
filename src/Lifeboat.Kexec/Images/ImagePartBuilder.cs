using Lifeboat.Core.Memory;

namespace Lifeboat.Kexec.Images;

/// <summary>
/// Cuts segments, which may begin anywhere, into parts of whole pages, which is what the kernel loads.
/// </summary>
/// <remarks>
/// A page in which a segment begins other than at its start is made anew, with what the segment before has in it. All
/// other pages refer to the file:
/// <code>
/// segments   |aaaaaaaaaaaa|aaaa..|  |bbbb|bbbbbbbb|      (. is zero memory)
/// parts      |--- file ---|------ made -------|-- file --|
/// </code>
/// </remarks>
internal static class ImagePartBuilder
{
    private const int PageSize = (int)Pfn.PageSize;

    /// <summary>The parts of <paramref name="segments"/>, which ascend and do not overlap.</summary>
    /// <param name="segments">The segments.</param>
    /// <param name="start">Where the image starts, a whole page at or below the first segment.</param>
    internal static IReadOnlyList<ImagePart> Build(IReadOnlyList<ImageSegment> segments, PhysicalAddress start)
    {
        var parts = new List<ImagePart>(segments.Count);
        byte[]? made = null;
        foreach (ImageSegment segment in segments)
        {
            ByteCount offset = segment.Start - start;
            ReadOnlyMemory<byte> content = segment.Content;
            ByteCount end = offset + segment.MemorySize;
            int inPage = (int)(offset.Value % Pfn.PageSize);
            if (inPage != 0)
            {
                ByteCount page = new(offset.Value - (ulong)inPage);
                made = OpenPage(parts, page, made);
                int copied = Math.Min(content.Length, PageSize - inPage);
                content.Span[..copied].CopyTo(made.AsSpan(inPage));
                content = content[copied..];
                offset = page + ByteCount.Page;
            }

            if (end > offset)
            {
                parts.Add(new ImagePart(offset, content, (end - offset).AlignUp(ByteCount.Page)));
                made = null;
            }
        }

        return parts;
    }

    /// <summary>A made page at <paramref name="page"/>, cut off the end of the last part when that reaches into it.</summary>
    private static byte[] OpenPage(List<ImagePart> parts, ByteCount page, byte[]? made)
    {
        ImagePart? last = parts.Count > 0 ? parts[^1] : null;
        if (last is not null && made is not null && last.Offset == page)
        {
            return made;
        }

        var opened = new byte[PageSize];
        if (last is not null && last.Offset + last.MemorySize > page)
        {
            int kept = (int)Math.Min((ulong)last.Content.Length, (page - last.Offset).Value);
            last.Content.Span[kept..].CopyTo(opened);
            parts.RemoveAt(parts.Count - 1);
            if (page > last.Offset)
            {
                parts.Add(new ImagePart(last.Offset, last.Content[..kept], page - last.Offset));
            }
        }

        parts.Add(new ImagePart(page, opened, ByteCount.Page));
        return opened;
    }
}
