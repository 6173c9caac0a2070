using System.Globalization;
using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Modules;
using Lifeboat.Kernel.Tasks;

namespace Lifeboat.Kernel.Memory;

/// <summary>Finds what addresses belong to; what it had to read for one serves the next.</summary>
internal sealed class AddressFinder(CrashedKernel kernel)
{
    private const ulong LastOfNull = 0xfff;
    private const ulong FirstError = unchecked((ulong)-4095);
    private const ulong ModulesStart = 0xffff_ffff_a000_0000; // MODULES_VADDR, x86-64
    private const ulong PoisonBase = 0xdead_0000_0000_0000; // CONFIG_ILLEGAL_POINTER_VALUE
    private const ulong PoisonMask = 0xffff_ffff_ffff_f000;

    private readonly PerCpuNames _perCpu = new(kernel);
    private readonly StackOwners _stacks = new(kernel);
    private List<VmallocArea>? _areas;

    internal AddressOrigin Find(VirtualAddress address, KernelTask? task)
    {
        ulong value = address.Value;

        // Bits below those that must all be alike: on arm64 the highest one of the kernel's half is not set.
        int bits = !kernel.Space.IsArm64 ? kernel.Space.Levels == 5 ? 57 : 48
            : kernel.Dump.Vmcoreinfo.TryGetNumber("VA_BITS", out long size) && size is > 30 and < 64 ? (int)size + 1 : 49;
        if (value <= LastOfNull)
        {
            return New(address, AddressKind.NullPointer, value == 0 ? "a NULL pointer" : $"a NULL pointer, 0x{value:x} bytes beyond");
        }

        if (value >= FirstError)
        {
            string error = unchecked((long)value).ToString(CultureInfo.InvariantCulture);
            return New(address, AddressKind.ErrorPointer, $"the error {error} in place of a pointer");
        }

        if (PoisonName(value) is { } poison)
        {
            return New(address, AddressKind.Poison, poison);
        }

        ulong high = value >> (bits - 1);
        return high == 0 ? User(address, task)
            : high != ulong.MaxValue >> (bits - 1) ? New(address, AddressKind.NotCanonical, "no address: not canonical")
            : InImage(address) ?? PerCpu(address) ?? Stack(address) ?? Map(address) ?? Direct(address) ?? Area(address)
                ?? Guard(address) ?? New(address, AddressKind.Unknown, kernel.Space.TryTranslate(address, out _, out _, out _)
                    ? "mapped, of nothing that is known" : NotMapped(value));
    }

    private static AddressOrigin New(VirtualAddress address, AddressKind kind, string text) => new(address, kind, text);

    private static string? PoisonName(ulong value) => (value & PoisonMask) == PoisonBase
        ? (value & ~PoisonMask) switch
        {
            >= 0x100 and < 0x122 => "a list's link that was taken out (LIST_POISON1)",
            >= 0x122 and < 0x200 => "a list's link back that was taken out (LIST_POISON2)",
            _ => "a poisoned pointer",
        }
        : value >> 32 == 0x6b6b_6b6b ? "read from a freed object (slab poison 0x6b)"
        : value >> 32 == 0x5a5a_5a5a ? "read from an object never written (slab poison 0x5a)" : null;

    private static AddressOrigin User(VirtualAddress address, KernelTask? task)
    {
        UserArea? area = task?.Memory?.Find(address);
        string text = task is null ? "an address of a process"
            : area is null ? $"a user address, in no area of {task}"
            : $"memory of {task}: {area.Permissions} {area.Name}".TrimEnd();
        return new AddressOrigin(address, AddressKind.User, text) { UserArea = area };
    }

    private AddressOrigin? InImage(VirtualAddress address)
    {
        if (kernel.Names.TryFind(address, out SymbolPlace? place))
        {
            AddressKind kind = place.Module is null ? AddressKind.Symbol : AddressKind.Module;
            return new AddressOrigin(address, kind, place.ToString()) { Symbol = place, Module = place.Module };
        }

        foreach (KernelModule module in kernel.Modules)
        {
            if (module.Contains(address))
            {
                return new AddressOrigin(address, AddressKind.Module, $"module {module.Name}") { Module = module };
            }
        }

        return null;
    }

    private AddressOrigin? PerCpu(VirtualAddress address) => !_perCpu.TryFind(address, out int cpu, out SymbolPlace? place) ? null
        : new AddressOrigin(address, AddressKind.PerCpu, $"{place?.ToString() ?? "per-CPU memory"} of CPU {cpu}") { Cpu = cpu, Symbol = place };

    private AddressOrigin? Stack(VirtualAddress address) => _stacks.Find(address) is not { } task ? null
        : new AddressOrigin(address, AddressKind.TaskStack, $"the kernel stack of {task}") { Task = task, Area = AreaOf(address) };

    private AddressOrigin? Guard(VirtualAddress address) => _stacks.FindAbove(address) is not { } task ? null
        : new AddressOrigin(address, AddressKind.Unknown, $"below the end of the kernel stack of {task}: it overflowed") { Task = task };

    private string NotMapped(ulong value) => !kernel.Space.IsArm64 && value is >= ModulesStart and < FirstError
        ? "where modules lie, and none does: one that was unloaded?" : "not mapped";

    private AddressOrigin? Map(VirtualAddress address)
    {
        if (kernel.Memory.Pages is not { } map || !map.TryFindPfn(address, out Pfn pfn) || pfn.CompareTo(kernel.Dump.EndPfn) >= 0)
        {
            return null;
        }

        ulong within = address.Value - map.AddressOf(pfn).Value;
        return new AddressOrigin(address, AddressKind.PageStructure, $"struct page of {pfn}{Within(within)}") { Page = map.Find(pfn) };
    }

    private AddressOrigin? Direct(VirtualAddress address)
    {
        if (DirectMap.PhysicalOf(kernel, address) is not { } physical)
        {
            return null;
        }

        PhysicalPage? page = kernel.Memory.Pages?.Find(physical.Pfn);
        if (kernel.Memory.TryFindSlab(address, out Slab? slab))
        {
            return OfSlab(address, slab, page);
        }

        string text = page is null ? "the direct map" : $"{page} in the direct map: {DescribePage(page)}";
        return new AddressOrigin(address, AddressKind.Page, text) { Page = page };
    }

    private static AddressOrigin OfSlab(VirtualAddress address, Slab slab, PhysicalPage? page)
    {
        VirtualAddress? start = slab.IndexOf(address) is { } index ? slab.ObjectAt(index) : null;
        bool? isAllocated = slab.IndexOf(address) is { } number ? slab.IsAllocated(number) : null;
        string text = start is not { } first ? $"the end of a slab of {slab.Cache}, behind its last object"
            : $"an object of {slab.Cache} {(isAllocated == true ? "in use" : "that is free")}"
                + Within(unchecked(address.Value - first.Value));
        return new AddressOrigin(address, AddressKind.SlabObject, text)
        {
            Slab = slab,
            ObjectStart = start,
            IsAllocated = isAllocated,
            Page = page,
        };
    }

    private static string DescribePage(PhysicalPage page) => page.IsFree ? $"free, a block of order {page.FreeOrder}"
        : page.IsAnonymous ? "of a process"
        : page.FlagNames is { Length: > 0 } names ? names
        : page.References > 0 ? "in use by the kernel" : "free, or in a block that is";

    private AddressOrigin? Area(VirtualAddress address)
    {
        if (AreaOf(address) is not { } area)
        {
            return null;
        }

        string caller = area.Caller is { } place && kernel.Names.TryFind(place, out SymbolPlace? symbol) ? $" by {symbol.Symbol.Name}" : "";
        string text = $"{area.Kind} area of {area.Size} at {area.Start}{caller}{Within(address.Value - area.Start.Value)}";
        return new AddressOrigin(address, AddressKind.MappedArea, text) { Area = area };
    }

    private VmallocArea? AreaOf(VirtualAddress address)
    {
        foreach (VmallocArea area in _areas ??= [.. kernel.Memory.VmallocAreas])
        {
            if (area.Contains(address))
            {
                return area;
            }
        }

        return null;
    }

    private static string Within(ulong distance) => distance == 0 ? "" : $", 0x{distance:x} bytes in";
}
