using Lifeboat.Core.Memory;

namespace Lifeboat.Kernel.Objects.Walks;

/// <summary>What a tree of the kernel has for a range of numbers.</summary>
/// <param name="First">The first number.</param>
/// <param name="Last">The last number; the same for a tree that has one entry a number.</param>
/// <param name="Entry">What is stored: mostly a pointer.</param>
public sealed record IndexedEntry(ulong First, ulong Last, VirtualAddress Entry);
