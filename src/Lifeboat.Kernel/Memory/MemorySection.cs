using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Kernel.Memory;

/// <summary>A section of memory.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Object">The <c>struct mem_section</c>.</param>
/// <param name="FirstPage">Its first page.</param>
/// <param name="PageCount">Its pages.</param>
/// <param name="CodedMap">What is kept of its map: where page 0 would have its <c>struct page</c>.</param>
public sealed record MemorySection(long Number, KernelObject Object, Pfn FirstPage, long PageCount, VirtualAddress CodedMap);
