using Lifeboat.Core.Memory;

namespace Lifeboat.Symbols.Unwinding;

/// <summary>A stretch of the kernel's image between two of its symbols; empty when they are not known.</summary>
internal readonly record struct CodeRange(ulong Start, ulong End)
{
    internal static CodeRange Find(KernelSymbols symbols, string first, string last) =>
        symbols.TryFindAddress(first, out VirtualAddress start) && symbols.TryFindAddress(last, out VirtualAddress end)
            ? new CodeRange(start.Value, end.Value) : default;

    internal bool Holds(VirtualAddress address) => address.Value >= Start && address.Value < End;
}
