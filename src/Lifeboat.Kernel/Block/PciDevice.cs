using System.Globalization;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;

namespace Lifeboat.Kernel.Block;

/// <summary>A device on a PCI bus (<c>struct pci_dev</c>).</summary>
/// <remarks><para>Each property reads memory anew. What cannot be read is null.</para></remarks>
public sealed class PciDevice
{
    private const int MaxDepth = 256; // there are no more bus numbers

    internal PciDevice(KernelObject device) => Object = device;

    /// <summary>The <c>struct pci_dev</c>.</summary>
    public KernelObject Object { get; }

    /// <summary>Its place: <c>0000:00:01.0</c>, domain, bus, device and function.</summary>
    public string? Name => Object.TextOf("dev.kobj.name", 32);

    /// <summary>What it is: base class, subclass and interface in three bytes.</summary>
    public ulong? Class => Object.Number("class");

    /// <summary>Who made it and what, as <c>lspci -n</c> has it: <c>1af4:1001</c>.</summary>
    public string? Id => Object.Number("vendor") is { } vendor && Object.Number("device") is { } device
        ? string.Create(CultureInfo.InvariantCulture, $"{vendor:x4}:{device:x4}") : null;

    /// <summary>The driver that has it; null when none has.</summary>
    public string? Driver => Object.TextOf("dev.driver.name", 64);

    internal static KernelWalk<PciDevice> All(CrashedKernel kernel) => new(kernel.MaxLinked, walk => Read(kernel, walk));

    private static IEnumerable<PciDevice> Read(CrashedKernel kernel, KernelWalk<PciDevice> walk)
    {
        var waiting = new Stack<KernelObject>();
        Add(kernel, kernel.Global("pci_root_buses", "struct list_head"), waiting, walk);
        for (int buses = 0; waiting.TryPop(out KernelObject? bus) && walk.TryVisit() && buses < MaxDepth * MaxDepth; buses++)
        {
            KernelWalk<KernelObject> devices =
                kernel.ListOf(bus.TryGet("devices", out KernelObject? list) ? list : null, "struct pci_dev", "bus_list");
            foreach (KernelObject device in devices)
            {
                yield return new PciDevice(device);
            }

            if (devices.End != WalkEnd.Complete)
            {
                walk.Stop(devices.End, devices.Fault);
            }

            if (waiting.Count < MaxDepth)
            {
                Add(kernel, bus.TryGet("children", out list) ? list : null, waiting, walk);
            }
        }
    }

    private static void Add(CrashedKernel kernel, KernelObject? head, Stack<KernelObject> waiting, KernelWalk<PciDevice> walk)
    {
        KernelWalk<KernelObject> buses = kernel.ListOf(head, "struct pci_bus", "node");
        var found = new List<KernelObject>();
        foreach (KernelObject bus in buses)
        {
            found.Add(bus);
        }

        for (int i = found.Count - 1; i >= 0; i--)
        {
            waiting.Push(found[i]);
        }

        if (buses.End != WalkEnd.Complete)
        {
            walk.Stop(buses.End, buses.Fault);
        }
    }
}
