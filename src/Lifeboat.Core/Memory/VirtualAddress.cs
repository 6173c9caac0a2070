namespace Lifeboat.Core.Memory;

/// <summary>An address in some address space of the machine, kernel or user.</summary>
public readonly record struct VirtualAddress(ulong Value) : IComparable<VirtualAddress>
{
    /// <summary>The null pointer.</summary>
    public static VirtualAddress Null => default;

    /// <summary>The address <paramref name="distance"/> bytes further up, wrapping as the machine does.</summary>
    public static VirtualAddress operator +(VirtualAddress address, ByteCount distance) =>
        new(unchecked(address.Value + distance.Value));

    /// <summary>The address <paramref name="distance"/> bytes further down, wrapping as the machine does.</summary>
    public static VirtualAddress operator -(VirtualAddress address, ByteCount distance) =>
        new(unchecked(address.Value - distance.Value));

    /// <inheritdoc/>
    public int CompareTo(VirtualAddress other) => Value.CompareTo(other.Value);

    /// <summary>The address in hex, as <c>0xffffffff81000000</c>.</summary>
    public override string ToString() => $"0x{Value:x}";
}
