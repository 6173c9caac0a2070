using Lifeboat.Symbols;
using Lifeboat.Symbols.Types;

namespace Lifeboat.Kernel;

/// <summary>What of a kernel comes out of files (a vmlinux, a System.map) instead of its dump.</summary>
/// <param name="Symbols">Symbols, used instead of the dump's own; null to use those.</param>
/// <param name="Types">Types, used where the dump's own are missing or damaged; null for none.</param>
public sealed record KernelFiles(KernelSymbols? Symbols, Btf? Types)
{
    /// <summary>Neither, nor the dump's own: what is left is its log and its notes, which take little memory to read.</summary>
    public static KernelFiles LogOnly { get; } = new(KernelSymbols.None, Btf.None);
}
