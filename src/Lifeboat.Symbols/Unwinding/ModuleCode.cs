using Lifeboat.Core.Memory;

namespace Lifeboat.Symbols.Unwinding;

/// <summary>Where a loaded module's code lies.</summary>
/// <param name="Name">The module.</param>
/// <param name="Start">Its code's first byte.</param>
/// <param name="Size">Its code's bytes.</param>
/// <param name="InitStart">The first byte of the code that is thrown away after it was loaded.</param>
/// <param name="InitSize">Its bytes; zero once it is gone.</param>
/// <param name="UnwindEntries">Entries of its unwind table; 0 when it has none.</param>
public sealed record ModuleCode(
    string Name,
    VirtualAddress Start,
    ByteCount Size,
    VirtualAddress InitStart,
    ByteCount InitSize,
    int UnwindEntries)
{
    /// <summary>Its unwind table; null when it has none.</summary>
    internal OrcSection? Section { get; init; }

    /// <summary>Whether an address is in its code.</summary>
    public bool Holds(VirtualAddress address) =>
        (address.Value >= Start.Value && address.Value - Start.Value < Size.Value)
        || (address.Value >= InitStart.Value && address.Value - InitStart.Value < InitSize.Value);
}
