using System.Globalization;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;

namespace Lifeboat.Kernel.Net;

/// <summary>A device of the network (<c>struct net_device</c>).</summary>
/// <remarks><para>Each property reads memory anew. What cannot be read is null.</para></remarks>
public sealed class NetDevice
{
    private const ulong Up = 1; // IFF_UP

    private readonly CrashedKernel _kernel;

    internal NetDevice(CrashedKernel kernel, KernelObject device) => (_kernel, Object) = (kernel, device);

    /// <summary>The <c>struct net_device</c>.</summary>
    public KernelObject Object { get; }

    /// <summary>Its name: <c>eth0</c>.</summary>
    public string? Name => Object.TextOf("name", 16);

    /// <summary>Its number.</summary>
    public long? Index => Object.SignedNumber("ifindex");

    /// <summary>Whether it was switched on.</summary>
    public bool? IsUp => Object.Number("flags") is { } flags ? (flags & Up) != 0 : null;

    /// <summary>The longest packet it takes, in bytes.</summary>
    public ulong? Mtu => Object.Number("mtu");

    /// <summary>Its own address: <c>52:54:00:12:34:56</c>; empty when it has none.</summary>
    public string? HardwareAddress => Object.TryGet("dev_addr", out KernelObject? address)
        && (address.Type.IsPointer ? address.Follow() : address) is { } first
        ? NetText.Hardware(first, Object.Number("addr_len")) : null;

    /// <summary>Its addresses and how much of each names the network: <c>10.0.2.15/24</c>, <c>fe80::1/64</c>.</summary>
    public KernelWalk<string> Addresses => new(_kernel.MaxLinked, ReadAddresses);

    private IEnumerable<string> ReadAddresses(KernelWalk<string> walk)
    {
        if (Object.Follow("ip_ptr")?.Follow("ifa_list") is { } first)
        {
            KernelWalk<KernelObject> four = LinkedLists.Following(first, "ifa_next", _kernel.MaxLinked);
            foreach (KernelObject address in four)
            {
                if (NetText.Version4(address.Number("ifa_local")) is { } text)
                {
                    yield return WithPrefix(text, address.Number("ifa_prefixlen"));
                }
            }

            walk.Stop(four.End, four.Fault);
        }

        if (Object.Follow("ip6_ptr") is not { } six || !six.TryGet("addr_list", out KernelObject? list))
        {
            yield break;
        }

        KernelWalk<KernelObject> sixes = _kernel.ListOf(list, "struct inet6_ifaddr", "if_list");
        foreach (KernelObject address in sixes)
        {
            if (address.TryGet("addr", out KernelObject? bytes) && NetText.Version6(bytes) is { } text)
            {
                yield return WithPrefix(text, address.Number("prefix_len"));
            }
        }

        if (sixes.End != WalkEnd.Complete)
        {
            walk.Stop(sixes.End, sixes.Fault);
        }
    }

    private static string WithPrefix(string address, ulong? prefix) =>
        string.Create(CultureInfo.InvariantCulture, $"{address}/{prefix}");
}
