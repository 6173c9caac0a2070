namespace Lifeboat.Core.Memory;

/// <summary>Why target memory could not be read, and from which address on. A value, not an error.</summary>
/// <param name="Address">The first address that could not be read.</param>
/// <param name="Reason">Why not.</param>
public readonly record struct MemoryFault(ulong Address, MemoryFaultReason Reason)
{
    /// <summary>No fault: everything was read.</summary>
    public static MemoryFault None => default;

    /// <summary>The fault as <c>0x1000 is excluded</c>.</summary>
    public override string ToString() => Reason switch
    {
        MemoryFaultReason.None => "readable",
        MemoryFaultReason.Excluded => $"0x{Address:x} is excluded from the dump",
        MemoryFaultReason.Unmapped => $"0x{Address:x} is not mapped",
        MemoryFaultReason.Truncated => $"0x{Address:x} lies beyond the end of a truncated dump",
        _ => $"0x{Address:x} is damaged in the dump",
    };
}
