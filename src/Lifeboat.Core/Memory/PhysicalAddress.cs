namespace Lifeboat.Core.Memory;

/// <summary>An address of physical memory, in bytes from zero.</summary>
public readonly record struct PhysicalAddress(ulong Value) : IComparable<PhysicalAddress>
{
    /// <summary>The first byte of physical memory.</summary>
    public static PhysicalAddress Zero => default;

    /// <summary>The page frame that holds this address, for 4 KiB pages.</summary>
    public Pfn Pfn => new(Value >> Pfn.PageShift);

    /// <summary>The address <paramref name="distance"/> bytes further up.</summary>
    /// <exception cref="OverflowException">The sum does not fit 64 bits.</exception>
    public static PhysicalAddress operator +(PhysicalAddress address, ByteCount distance) =>
        new(checked(address.Value + distance.Value));

    /// <summary>The address <paramref name="distance"/> bytes further down.</summary>
    /// <exception cref="OverflowException">The distance reaches below zero.</exception>
    public static PhysicalAddress operator -(PhysicalAddress address, ByteCount distance) =>
        new(checked(address.Value - distance.Value));

    /// <summary>The bytes from <paramref name="right"/> up to <paramref name="left"/>.</summary>
    /// <exception cref="OverflowException"><paramref name="right"/> lies above <paramref name="left"/>.</exception>
    public static ByteCount operator -(PhysicalAddress left, PhysicalAddress right) =>
        new(checked(left.Value - right.Value));

    /// <summary>Whether the left address lies below the right one.</summary>
    public static bool operator <(PhysicalAddress left, PhysicalAddress right) => left.Value < right.Value;

    /// <summary>Whether the left address lies above the right one.</summary>
    public static bool operator >(PhysicalAddress left, PhysicalAddress right) => left.Value > right.Value;

    /// <summary>Whether the left address lies at or below the right one.</summary>
    public static bool operator <=(PhysicalAddress left, PhysicalAddress right) => left.Value <= right.Value;

    /// <summary>Whether the left address lies at or above the right one.</summary>
    public static bool operator >=(PhysicalAddress left, PhysicalAddress right) => left.Value >= right.Value;

    /// <summary>Whether the address is a multiple of <paramref name="alignment"/>, a power of two.</summary>
    public bool IsAligned(ByteCount alignment) => (Value & (alignment.Value - 1)) == 0;

    /// <summary>The nearest multiple of <paramref name="alignment"/> (a power of two) at or below.</summary>
    public PhysicalAddress AlignDown(ByteCount alignment) => new(Value & ~(alignment.Value - 1));

    /// <summary>The nearest multiple of <paramref name="alignment"/> (a power of two) at or above.</summary>
    /// <exception cref="OverflowException">There is none within 64 bits.</exception>
    public PhysicalAddress AlignUp(ByteCount alignment) =>
        new(checked(Value + (alignment.Value - 1)) & ~(alignment.Value - 1));

    /// <inheritdoc/>
    public int CompareTo(PhysicalAddress other) => Value.CompareTo(other.Value);

    /// <summary>The address in hex, as <c>0x1000</c>.</summary>
    public override string ToString() => $"0x{Value:x}";
}
