namespace Lifeboat.Core.Memory;

/// <summary>A position in a file, in bytes from its start.</summary>
public readonly record struct FileOffset(ulong Value) : IComparable<FileOffset>
{
    /// <summary>The position <paramref name="distance"/> bytes further on.</summary>
    /// <exception cref="OverflowException">The sum does not fit 64 bits.</exception>
    public static FileOffset operator +(FileOffset offset, ByteCount distance) =>
        new(checked(offset.Value + distance.Value));

    /// <inheritdoc/>
    public int CompareTo(FileOffset other) => Value.CompareTo(other.Value);

    /// <summary>The position in hex, as <c>0x1000</c>.</summary>
    public override string ToString() => $"0x{Value:x}";
}
