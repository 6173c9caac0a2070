using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;
using Lifeboat.Kernel.Tasks;
using Lifeboat.Vmcore.Paging;

namespace Lifeboat.Kernel.Memory;

/// <summary>The user memory of a process (<c>struct mm_struct</c>): its areas, and its addresses.</summary>
/// <remarks>
/// <para>With page-table isolation a process has two tables; the kernel's, which is the one used here, maps its user memory too.</para>
/// <para><b>Thread safety.</b> One thread at a time.</para>
/// </remarks>
public sealed class ProcessMemory
{
    private readonly CrashedKernel _kernel;
    private AddressSpace? _space;
    private bool _hasSpace;

    internal ProcessMemory(CrashedKernel kernel, KernelObject memory) => (_kernel, Object) = (kernel, memory);

    /// <summary>The <c>struct mm_struct</c>.</summary>
    public KernelObject Object { get; }

    /// <summary>Where its page tables begin, as the kernel sees it.</summary>
    public VirtualAddress? PageTables => Object["pgd"].Pointer;

    /// <summary>Its addresses; null when its tables are not found, and on arm64.</summary>
    public AddressSpace? Space
    {
        get
        {
            if (!_hasSpace)
            {
                _hasSpace = true;
                _space = PageTables is { } root && _kernel.Space.TryTranslate(root, out PhysicalAddress physical, out _, out _)
                    ? _kernel.Space.OfProcess(physical) : null;
            }

            return _space;
        }
    }

    /// <summary>User memory in RAM, in pages.</summary>
    public long? ResidentPages => TaskMemory.CountResident(_kernel, Object);

    /// <summary>User memory that it may touch, in pages.</summary>
    public long? VirtualPages => Object["total_vm"].Signed;

    /// <summary>Its areas, by address.</summary>
    public KernelWalk<UserArea> Areas
    {
        get
        {
            KernelType area = _kernel.Type("struct vm_area_struct");
            if (Object.TryGet("mm_mt", out KernelObject? tree))
            {
                // Since 6.1; an entry that is no pointer to an area marks one that is going away.
                return _kernel.MapleTree(tree).Select(entry => new UserArea(_kernel, this, _kernel.Object(area, entry.Entry)));
            }

            return Object.TryGet("mmap", out KernelObject? first) && first.Pointer is { Value: not 0 }
                ? _kernel.Following(first.Target, "vm_next").Select(found => new UserArea(_kernel, this, found))
                : new KernelWalk<UserArea>(_kernel.MaxLinked, _ => []);
        }
    }

    /// <summary>The area that an address lies in; null when it lies in none.</summary>
    public UserArea? Find(VirtualAddress address)
    {
        foreach (UserArea area in Areas)
        {
            if (area.Contains(address))
            {
                return area;
            }
        }

        return null;
    }

    /// <summary>What the page tables have for an address: a page, a place in swap, nothing.</summary>
    public UserPage PageAt(VirtualAddress address) => UserPage.Find(_kernel, this, address);
}
