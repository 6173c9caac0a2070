using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;

namespace Lifeboat.Kernel.Block;

/// <summary>Finds the disks: devices of the class <c>block</c> that are no partitions.</summary>
/// <remarks>
/// <code>
/// block_class -- p, or since 6.4 the one in class_kset whose class it is --> subsys_private
///                klist_devices -- knode_class of device_private -- device, in a block_device (in a hd_struct before 5.11)
/// </code>
/// </remarks>
internal static class DiskList
{
    internal static KernelWalk<Disk> All(CrashedKernel kernel) => new(kernel.MaxLinked, walk => Read(kernel, walk));

    private static IEnumerable<Disk> Read(CrashedKernel kernel, KernelWalk<Disk> walk)
    {
        KernelObject? devices = ClassOf(kernel)?.TryGet("klist_devices.k_list", out KernelObject? head) == true ? head : null;
        KernelWalk<KernelObject> nodes = kernel.ListOf(devices, "struct klist_node", "n_node");
        VirtualAddress? diskType = kernel.Symbols.TryFindAddress("disk_type", out VirtualAddress type) ? type : null;
        foreach (KernelObject node in nodes)
        {
            KernelObject? device = kernel.Within(node, "struct device_private", "knode_class")?.Follow("device");

            // The low bit marks a device that is going away.
            if (device is null || (node.Number("n_klist") & 1) == 1 || device.AddressIn("type") != diskType)
            {
                continue;
            }

            if (DiskOf(kernel, device) is { } disk)
            {
                yield return new Disk(kernel, disk);
            }
        }

        walk.Stop(nodes.End, nodes.Fault);
    }

    private static KernelObject? DiskOf(CrashedKernel kernel, KernelObject device) =>
        kernel.Types.TryFind("struct hd_struct", out _)
            ? kernel.Within(kernel.Within(device, "struct hd_struct", "__dev"), "struct gendisk", "part0")
            : kernel.Within(device, "struct block_device", "bd_device")?.Follow("bd_disk");

    private static KernelObject? ClassOf(CrashedKernel kernel)
    {
        if (kernel.Global("block_class", "struct class") is not { } block)
        {
            return null;
        }

        if (block.TryGet("p", out _))
        {
            return block.Follow("p");
        }

        KernelObject? classes = kernel.Global("class_kset", "struct kset *")?.Follow();
        KernelObject? list = classes?.TryGet("list", out KernelObject? head) == true ? head : null;
        foreach (KernelObject entry in kernel.ListOf(list, "struct kobject", "entry"))
        {
            KernelObject? found = kernel.Within(kernel.Within(entry, "struct kset", "kobj"), "struct subsys_private", "subsys");
            if (found?.AddressIn("class") == block.Address)
            {
                return found;
            }
        }

        return null;
    }
}
