using System.Buffers.Binary;
using System.Text;

namespace Lifeboat.Vmcore.Tests.TestSupport;

/// <summary>Writes flattened dumps for tests, right ones and wrong ones.</summary>
internal sealed class FlattenedBuilder
{
    private readonly List<byte> _bytes = [];

    internal FlattenedBuilder(long type = 1, long version = 1)
    {
        byte[] header = new byte[4096];
        Encoding.ASCII.GetBytes("makedumpfile", header);
        BinaryPrimitives.WriteInt64BigEndian(header.AsSpan(16), type);
        BinaryPrimitives.WriteInt64BigEndian(header.AsSpan(24), version);
        _bytes.AddRange(header);
    }

    /// <summary>A file cut into records of so many bytes, in an order that a seed gives.</summary>
    internal static byte[] Cut(byte[] file, int length, int seed)
    {
        var builder = new FlattenedBuilder();
        int[] order = [.. Enumerable.Range(0, (file.Length + length - 1) / length)];
        new Random(seed).Shuffle(order);
        foreach (int i in order)
        {
            builder.Add(i * length, file.AsSpan(i * length, Math.Min(length, file.Length - (i * length))));
        }

        return builder.End();
    }

    internal FlattenedBuilder Add(long offset, ReadOnlySpan<byte> bytes, long? length = null)
    {
        Span<byte> record = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(record, offset);
        BinaryPrimitives.WriteInt64BigEndian(record[8..], length ?? bytes.Length);
        _bytes.AddRange(record);
        _bytes.AddRange(bytes);
        return this;
    }

    internal byte[] End()
    {
        Add(-1, [], -1);
        return ToArray();
    }

    internal byte[] ToArray() => [.. _bytes];
}
