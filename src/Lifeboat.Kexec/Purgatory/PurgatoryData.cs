using System.Buffers.Binary;
using System.Text;
using Lifeboat.Core.Hashing;
using Lifeboat.Core.IO;
using Lifeboat.Kexec.Images;
using Lifeboat.Kexec.Planning;

namespace Lifeboat.Kexec.Purgatory;

/// <summary>
/// Builds what purgatory's code reads: descriptor tables, the table of segments with their digests, messages.
/// </summary>
internal static class PurgatoryData
{
    /// <summary>
    /// Flat, present, 64-bit, readable code; the accessed bit is set so that the processor writes nothing.
    /// </summary>
    private const ulong Code64Descriptor = 0x00af9b000000ffff;

    /// <summary>The same for 32-bit code, with all 4 GiB as its limit.</summary>
    private const ulong Code32Descriptor = 0x00cf9b000000ffff;

    /// <summary>Flat, present, writable data, accessed.</summary>
    private const ulong DataDescriptor = 0x00cf93000000ffff;

    private const int MessageSize = 256;

    internal static string Success(PurgatoryRequest request) =>
        $"lifeboat purgatory: segments {(request.Options.SkipChecks ? "not checked" : "verified")}, "
        + $"starting the {Next(request)} kernel\r\n";

    internal static string Mismatch(PurgatoryRequest request, int number, string name) =>
        $"lifeboat purgatory: SHA-256 mismatch in segment {number} ({name}): "
        + $"the {Next(request)} kernel is not started, resetting\r\n";

    /// <summary>Purgatory's content with the place of the code still empty.</summary>
    internal static byte[] Build(PurgatoryRequest request)
    {
        if (request.Segments.Count >= PurgatoryLayout.MaxSegments)
        {
            throw new ArgumentException("more segments than the kernel takes", nameof(request));
        }

        var content = new byte[PurgatoryLayout.Messages + ((request.Segments.Count + 1) * MessageSize)];

        var writer = new SpanWriter(content) { Position = PurgatoryLayout.DescriptorTable };
        writer.WriteUInt64(0);
        writer.WriteUInt64(0);
        writer.WriteUInt64(request.Entry == KernelEntry.Linux64 ? Code64Descriptor : Code32Descriptor);
        writer.WriteUInt64(DataDescriptor);
        writer.WriteUInt64(Code64Descriptor);
        writer.Position = PurgatoryLayout.DescriptorTablePointer;
        writer.WriteUInt16((5 * sizeof(ulong)) - 1);
        writer.WriteUInt64(request.Base.Value + PurgatoryLayout.DescriptorTable);

        // The pointer to the interrupt table stays zero: a limit of zero is the empty table that is wanted.
        writer.Position = PurgatoryLayout.InitialState;
        foreach (uint word in Sha256.InitialState)
        {
            writer.WriteUInt32(word);
        }

        WriteMessage(content, 0, Success(request));
        for (int i = 0; i < request.Segments.Count; i++)
        {
            (int number, LoadSegment segment) = request.Segments[i];
            int entry = PurgatoryLayout.SegmentTable + (i * PurgatoryLayout.EntrySize);
            ulong message = request.Base.Value + (ulong)(PurgatoryLayout.Messages + ((i + 1) * MessageSize));
            WriteEntry(content.AsSpan(entry, PurgatoryLayout.EntrySize), segment, message);
            WriteMessage(content, i + 1, Mismatch(request, number, segment.Name));
        }

        return content;
    }

    private static string Next(PurgatoryRequest request) =>
        request.Purpose == LoadPurpose.Crash ? "capture" : "next";

    private static void WriteEntry(Span<byte> entry, LoadSegment segment, ulong message)
    {
        ulong hashed = Math.Min(segment.PagedContent.Value, segment.Range.Length.Value);
        var writer = new SpanWriter(entry);
        writer.WriteUInt64(segment.Range.Start.Value);
        writer.WriteUInt64(segment.Range.Start.Value + hashed);
        writer.WriteUInt64(segment.Range.End.Value);
        writer.WriteUInt64(message);
        WriteDigest(entry[PurgatoryLayout.EntryDigest..], segment.Content.Span, hashed);

        // SHA-256 ends its input with a one bit, zeros and the length in bits: a block of its own after whole pages.
        Span<byte> padding = entry[PurgatoryLayout.EntryPadding..];
        padding[0] = 0x80;
        BinaryPrimitives.WriteUInt64BigEndian(padding[56..], hashed * 8);
    }

    /// <summary>The digest's words as the numbers they are while they are computed.</summary>
    private static void WriteDigest(Span<byte> target, ReadOnlySpan<byte> content, ulong hashed)
    {
        var hash = new Sha256();
        hash.Append(content);
        hash.Append(new byte[(int)(hashed - (ulong)content.Length)]);
        ReadOnlySpan<byte> digest = hash.Finish();
        for (int i = 0; i < Sha256.DigestSize; i += sizeof(uint))
        {
            BinaryPrimitives.WriteUInt32LittleEndian(target[i..], BinaryPrimitives.ReadUInt32BigEndian(digest[i..]));
        }
    }

    private static void WriteMessage(Span<byte> content, int index, string text)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(text);
        bytes.AsSpan(0, Math.Min(bytes.Length, MessageSize - 1))
            .CopyTo(content[(PurgatoryLayout.Messages + (index * MessageSize))..]);
    }
}
