namespace Lifeboat.Core.Memory;

/// <summary>A page frame number: a physical address divided by the page size (4 KiB on x86-64).</summary>
public readonly record struct Pfn(ulong Value) : IComparable<Pfn>
{
    /// <summary>log2 of the page size that <see cref="Address"/> assumes.</summary>
    public const int PageShift = 12;

    /// <summary>Bytes in a page.</summary>
    public const int PageSize = 1 << PageShift;

    /// <summary>The first byte of the page.</summary>
    public PhysicalAddress Address => new(Value << PageShift);

    /// <inheritdoc/>
    public int CompareTo(Pfn other) => Value.CompareTo(other.Value);

    /// <summary>The number in hex, as <c>pfn 0x100</c>.</summary>
    public override string ToString() => $"pfn 0x{Value:x}";
}
