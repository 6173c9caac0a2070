namespace Lifeboat.Kernel.Memory;

/// <summary>What an address belongs to.</summary>
public enum AddressKind
{
    /// <summary>Nothing that is known.</summary>
    Unknown,

    /// <summary>A null pointer, or a member of what one points to.</summary>
    NullPointer,

    /// <summary>An error's number where a pointer should be.</summary>
    ErrorPointer,

    /// <summary>A value that the kernel puts where no pointer must be used any more.</summary>
    Poison,

    /// <summary>No address that the machine has.</summary>
    NotCanonical,

    /// <summary>Memory of a process.</summary>
    User,

    /// <summary>A function or variable of the kernel's image.</summary>
    Symbol,

    /// <summary>Code or data of a module.</summary>
    Module,

    /// <summary>A CPU's own copy of a variable.</summary>
    PerCpu,

    /// <summary>A task's kernel stack.</summary>
    TaskStack,

    /// <summary>An object of a slab cache.</summary>
    SlabObject,

    /// <summary>A page in the direct map that is of no slab.</summary>
    Page,

    /// <summary>The kernel's description of a page.</summary>
    PageStructure,

    /// <summary>An area mapped page by page.</summary>
    MappedArea,
}
