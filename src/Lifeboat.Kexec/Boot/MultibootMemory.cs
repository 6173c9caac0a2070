using Lifeboat.Core.Memory;

namespace Lifeboat.Kexec.Boot;

/// <summary>What both versions of Multiboot say of memory in the same way.</summary>
internal static class MultibootMemory
{
    private const ulong OneMiB = 1 << 20;

    /// <summary>Low memory counts from zero, but the first pages are often kept out of the map.</summary>
    private const ulong LowStartAtMost = 64 << 10;

    /// <summary>KiB of memory below 1 MiB, from address 0 on (mem_lower).</summary>
    internal static uint LowerKiB(IReadOnlyList<E820Entry> map)
    {
        ulong end = 0;
        foreach (E820Entry entry in map)
        {
            if (entry.Type == E820Type.Ram && entry.Range.Start.Value <= LowStartAtMost)
            {
                end = Math.Max(end, Math.Min(entry.Range.End.Value, OneMiB));
            }
        }

        return (uint)(end >> 10);
    }

    /// <summary>KiB of memory from 1 MiB up to the first hole (mem_upper).</summary>
    internal static uint UpperKiB(IReadOnlyList<E820Entry> map)
    {
        foreach (E820Entry entry in map)
        {
            if (entry.Type == E820Type.Ram && entry.Range.Contains(new PhysicalAddress(OneMiB)))
            {
                return (uint)Math.Min((entry.Range.End.Value - OneMiB) >> 10, uint.MaxValue);
            }
        }

        return 0;
    }

    /// <summary>Multiboot knows the types 1 to 5 of the E820 map; all others are reserved.</summary>
    internal static uint TypeOf(E820Entry entry) =>
        entry.Type is >= E820Type.Ram and <= E820Type.Unusable ? (uint)entry.Type : (uint)E820Type.Reserved;

    /// <summary>An address as the 32 bits that Multiboot has for it.</summary>
    /// <exception cref="ArgumentException">It lies above 4 GiB.</exception>
    internal static uint Address32(PhysicalAddress address) => address.Value <= uint.MaxValue
        ? (uint)address.Value
        : throw new ArgumentException($"Multiboot has 32 bits for an address, not enough for {address}", nameof(address));
}
