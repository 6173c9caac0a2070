using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects.Walks;

namespace Lifeboat.Kernel.Objects;

/// <summary>Members that not every kernel has, read without saying so at each: what is missing is null.</summary>
internal static class ObjectReading
{
    /// <summary>A number; null also when there is no such member.</summary>
    internal static ulong? Number(this KernelObject place, string member) =>
        place.TryGet(member, out KernelObject? found) ? found.Unsigned : null;

    /// <summary>A number that may be below zero.</summary>
    internal static long? SignedNumber(this KernelObject place, string member) =>
        place.TryGet(member, out KernelObject? found) ? found.Signed : null;

    /// <summary>A pointer's value, also null's.</summary>
    internal static VirtualAddress? AddressIn(this KernelObject place, string member) =>
        place.Number(member) is { } address ? new VirtualAddress(address) : null;

    /// <summary>A text within the object, or that a pointer in it leads to; null for a null pointer, too.</summary>
    internal static string? TextOf(this KernelObject place, string member, int most = 256) =>
        place.TryGet(member, out KernelObject? found) && !(found.Type.IsPointer && found.Pointer is { Value: 0 })
            ? found.Text(most) : null;

    /// <summary>What a pointer leads to; null when it is null, cannot be read, or there is no such member.</summary>
    internal static KernelObject? Follow(this KernelObject place, string member) =>
        place.TryGet(member, out KernelObject? found) ? found.Follow() : null;

    /// <summary>What this pointer leads to; null when it is null or cannot be read.</summary>
    internal static KernelObject? Follow(this KernelObject pointer) =>
        pointer is { Type: { IsPointer: true, Target: not null }, Pointer: { Value: not 0 } } ? pointer.Target : null;

    /// <summary>What this pointer leads to as an object of a type; null also when the kernel has no such type.</summary>
    internal static KernelObject? FollowAs(this CrashedKernel kernel, KernelObject? pointer, string type) =>
        pointer?.Pointer is { Value: not 0 } address ? kernel.At(type, address) : null;

    /// <summary>An object of a type at an address; null when the kernel has no such type.</summary>
    internal static KernelObject? At(this CrashedKernel kernel, string type, VirtualAddress address) =>
        kernel.Types.TryFind(type, out KernelType? found) ? kernel.Object(found, address) : null;

    /// <summary>The object that this one is a member of; null when the kernel has no such type or member.</summary>
    internal static KernelObject? Within(this CrashedKernel kernel, KernelObject? member, string type, string path) =>
        member is not null && kernel.Types.TryFind(type, out KernelType? found) && found.TryFindMember(path, out _)
            ? member.ContainerOf(found, path) : null;

    /// <summary>A global variable; null when the kernel has it not, or not this type.</summary>
    internal static KernelObject? Global(this CrashedKernel kernel, string name, string type) =>
        kernel.TryFindGlobal(name, type, out KernelObject? value) ? value : null;

    /// <summary>The elements of a list; one that says it is damaged when this kernel has no such list.</summary>
    internal static KernelWalk<KernelObject> ListOf(
        this CrashedKernel kernel, KernelObject? head, string element, string member) =>
        head is not null && head.Type.TryFindMember("next", out _) && kernel.Types.TryFind(element, out KernelType? type)
            && type.TryFindMember(member, out _)
            ? LinkedLists.Ring(head, kernel.MaxLinked).Select(link => link.ContainerOf(type, member)) : None(kernel);

    /// <summary>A walk that has nothing to go along.</summary>
    internal static KernelWalk<KernelObject> None(CrashedKernel kernel) => new(kernel.MaxLinked, Nothing);

    private static IEnumerable<KernelObject> Nothing(KernelWalk<KernelObject> walk)
    {
        walk.Stop(WalkEnd.Damaged);
        yield break;
    }
}
