using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Kernel.Net;

/// <summary>Who has an address on a network (<c>struct neighbour</c>): what <c>arp</c> shows.</summary>
/// <remarks><para>Each property reads memory anew. What cannot be read is null.</para></remarks>
public sealed class Neighbour
{
    private readonly CrashedKernel _kernel;

    internal Neighbour(CrashedKernel kernel, KernelObject neighbour) => (_kernel, Object) = (kernel, neighbour);

    /// <summary>The <c>struct neighbour</c>.</summary>
    public KernelObject Object { get; }

    /// <summary>The address.</summary>
    public string? Address => !Object.TryGet("primary_key", out KernelObject? key) ? null
        : Object.Number("tbl.family") == SocketNames.Internet6 ? NetText.Version6(key)
        : NetText.Version4(_kernel.At("unsigned int", key.Address)?.Unsigned);

    /// <summary>The address of the device that has it.</summary>
    public string? HardwareAddress =>
        Object.TryGet("ha", out KernelObject? own) ? NetText.Hardware(own, Object.Number("dev.addr_len")) : null;

    /// <summary>The device through which it is reached.</summary>
    public NetDevice? Device => Object.Follow("dev") is { } device ? new NetDevice(_kernel, device) : null;

    /// <summary>How sure that is: <c>REACHABLE</c>, <c>STALE</c>, <c>NOARP</c>.</summary>
    public string? State => SocketNames.NeighbourState(Object.Number("nud_state"));

    /// <summary>The namespace of its device (<c>struct net</c>).</summary>
    internal VirtualAddress? Namespace => Object.AddressIn("dev.nd_net.net");
}
