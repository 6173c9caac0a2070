using Lifeboat.Core.Memory;

namespace Lifeboat.Symbols;

/// <summary>A symbol of the kernel's own table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type as <c>nm</c> writes it: <c>T</c> code, <c>D</c> data; small letters for local ones.</param>
/// <param name="Address">
/// Where it is in the running kernel, moved by KASLR already; a small number for a per-CPU variable of a kernel that
/// counts these from 0.
/// </param>
/// <param name="Size">Bytes to the next symbol, padding included; zero for the last one.</param>
public sealed record KernelSymbol(string Name, char Type, VirtualAddress Address, ByteCount Size);
