using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Modules;
using Lifeboat.Kernel.Tasks;

namespace Lifeboat.Kernel.Memory;

/// <summary>What an address belongs to.</summary>
/// <remarks><para>Beside <see cref="Kind"/> only what goes with it is there.</para></remarks>
public sealed class AddressOrigin
{
    internal AddressOrigin(VirtualAddress address, AddressKind kind, string text) => (Address, Kind, Text) = (address, kind, text);

    /// <summary>The address.</summary>
    public VirtualAddress Address { get; }

    /// <summary>What it belongs to.</summary>
    public AddressKind Kind { get; }

    /// <summary>The same in words: <c>object of kmalloc-64, in use, 0x10 bytes in</c>.</summary>
    public string Text { get; }

    /// <summary>The function or variable, of a module, too, and a per-CPU one.</summary>
    public SymbolPlace? Symbol { get; init; }

    /// <summary>The module.</summary>
    public KernelModule? Module { get; init; }

    /// <summary>The CPU whose copy it is.</summary>
    public int? Cpu { get; init; }

    /// <summary>The task whose stack it is.</summary>
    public KernelTask? Task { get; init; }

    /// <summary>The slab.</summary>
    public Slab? Slab { get; init; }

    /// <summary>Where the slab's object begins; null behind the last one.</summary>
    public VirtualAddress? ObjectStart { get; init; }

    /// <summary>Whether the slab's object is in use; null behind the last one.</summary>
    public bool? IsAllocated { get; init; }

    /// <summary>The page, of the direct map, or the one that is described there.</summary>
    public PhysicalPage? Page { get; init; }

    /// <summary>The mapped area; of a task's stack, too, where stacks are such areas.</summary>
    public VmallocArea? Area { get; init; }

    /// <summary>The area of the process.</summary>
    public UserArea? UserArea { get; init; }

    /// <summary>The same in words.</summary>
    public override string ToString() => $"{Address}: {Text}";
}
