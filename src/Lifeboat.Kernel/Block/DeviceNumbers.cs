using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;

namespace Lifeboat.Kernel.Block;

/// <summary>The tables of device numbers: <c>chrdevs</c>, <c>major_names</c>, <c>cdev_map</c>, chains by the number's remainder.</summary>
internal static class DeviceNumbers
{
    private const int Buckets = 255; // CHRDEV_MAJOR_HASH_SIZE, BLKDEV_MAJOR_HASH_SIZE, the probes of a kobj_map
    private const int MinorBits = 20;

    internal static KernelWalk<DeviceNumber> Character(CrashedKernel kernel) => All(kernel, "chrdevs", "struct char_device_struct *");

    internal static KernelWalk<DeviceNumber> Block(CrashedKernel kernel) => All(kernel, "major_names", "struct blk_major_name *");

    internal static KernelObject? CharacterDeviceOf(CrashedKernel kernel, long major, long minor)
    {
        KernelObject? map = kernel.Global("cdev_map", "struct kobj_map *")?.Follow();
        if (map is null || major < 0 || !map.TryGet("probes", out KernelObject? probes) || probes[major % Buckets].Follow() is not { } first)
        {
            return null;
        }

        // The narrowest range that holds the number comes first.
        ulong number = ((ulong)major << MinorBits) + (ulong)Math.Max(0, minor);
        foreach (KernelObject probe in LinkedLists.Following(first, "next", kernel.MaxLinked))
        {
            if (probe.Number("dev") is { } start && probe.Number("range") is { } range && number >= start && number - start < range
                && probe.TryGet("data", out KernelObject? data))
            {
                return kernel.FollowAs(data, "struct cdev");
            }
        }

        return null;
    }

    private static KernelWalk<DeviceNumber> All(CrashedKernel kernel, string table, string type) =>
        new(kernel.MaxLinked, walk => Read(kernel, table, type, walk));

    private static IEnumerable<DeviceNumber> Read(CrashedKernel kernel, string table, string type, KernelWalk<DeviceNumber> walk)
    {
        if (kernel.Global(table, type) is not { } start)
        {
            walk.Stop(WalkEnd.Damaged);
            yield break;
        }

        for (ulong bucket = 0; bucket < Buckets; bucket++)
        {
            KernelObject pointer = start.At(start.Type, start.Address + new ByteCount(bucket * 8));
            if (!pointer.TryReadNumber(out ulong address, out MemoryFault fault))
            {
                walk.Stop(WalkEnd.Unreadable, fault);
                continue;
            }

            if (address == 0)
            {
                continue;
            }

            KernelWalk<KernelObject> chain = LinkedLists.Following(pointer.Target, "next", kernel.MaxLinked);
            foreach (KernelObject entry in chain)
            {
                yield return new DeviceNumber(kernel, entry);
            }

            if (chain.End != WalkEnd.Complete)
            {
                walk.Stop(chain.End, chain.Fault);
            }
        }
    }
}
