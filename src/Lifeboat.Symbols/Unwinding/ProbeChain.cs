namespace Lifeboat.Symbols.Unwinding;

/// <summary>How a task's return probes are chained.</summary>
/// <param name="First">The offset in the task of the chain's first link.</param>
/// <param name="Link">The offset of the link in a probe.</param>
/// <param name="Slot">The offset in a probe of the place on the stack that it replaced.</param>
/// <param name="Return">The offset in a probe of the true return address.</param>
internal sealed record ProbeChain(int First, int Link, int Slot, int Return)
{
    internal static ProbeChain? Find(TypeOffsets types, string first, string structure, string slot) =>
        types.Member("task_struct", first) is { } head && types.Member(structure, "llist") is { } link
            && types.Member(structure, slot) is { } place && types.Member(structure, "ret_addr") is { } address
            ? new ProbeChain(head, link, place, address) : null;
}
