using System.Buffers.Binary;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Paging;

namespace Lifeboat.Vmcore.Pages;

/// <summary>Finds the <c>struct page</c> of a page, and the page of a <c>struct page</c>.</summary>
internal abstract class MemoryMap(AddressSpace space, int pageStructSize)
{
    private protected const int PointerSize = 8;

    /// <summary>Bytes of a <c>struct page</c>.</summary>
    protected int PageStructSize => pageStructSize;

    /// <summary>The map; null when VMCOREINFO does not describe one of a kind that is known.</summary>
    internal static MemoryMap? Open(AddressSpace space, PageKeys keys, int pageStructSize, List<Diagnostic> notices)
    {
        // A kernel with sections may export mem_map too, which is then nothing.
        MemoryMap? map = (MemoryMap?)SparseMemoryMap.TryOpen(space, keys, pageStructSize)
            ?? FlatMemoryMap.TryOpen(space, keys, pageStructSize);
        if (map is null)
        {
            notices.Add(new Diagnostic(
                VmcoreDiagnosticIds.ClassKept, "the kernel's map of memory cannot be found: all pages are kept")
            {
                Where = "VMCOREINFO",
                Expected = "SYMBOL, LENGTH and SIZE(mem_section), OFFSET(mem_section.section_mem_map), "
                    + "NUMBER(SECTION_SIZE_BITS); or SYMBOL(mem_map)",
            });
        }

        return map;
    }

    /// <summary>
    /// The <c>struct page</c> of a page; those of the pages after it follow, up to the next multiple of 4,096 at least.
    /// False for a page without one, and, with a fault, for one that cannot be read.
    /// </summary>
    internal abstract bool TryFind(ulong pfn, out VirtualAddress page, out MemoryFault fault);

    /// <summary>The page that a <c>struct page</c> is of; false when there is none at this address.</summary>
    internal abstract bool TryFindPfn(VirtualAddress page, out ulong pfn);

    private protected static bool TryReadPointer(
        AddressSpace space, VirtualAddress address, out ulong value, out MemoryFault fault)
    {
        Span<byte> bytes = stackalloc byte[PointerSize];
        bool isRead = space.Read(address, bytes, out fault) == bytes.Length;
        value = isRead ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0;
        return isRead;
    }

    private protected int Read(VirtualAddress address, Span<byte> destination) =>
        space.Read(address, destination, out _);

    private protected bool TryReadPointer(VirtualAddress address, out ulong value, out MemoryFault fault) =>
        TryReadPointer(space, address, out value, out fault);
}
