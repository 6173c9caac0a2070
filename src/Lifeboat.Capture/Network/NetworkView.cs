using System.Net;
using System.Net.Sockets;
using Lifeboat.Capture.Network.Netlink;
using Lifeboat.Capture.Targets;

namespace Lifeboat.Capture.Network;

/// <summary>The network of the running machine, as far as a plan is made of it: the seam through which a test is the machine.</summary>
internal sealed class NetworkView
{
    /// <summary>Its interfaces.</summary>
    internal required List<KernelLink> Links { get; init; }

    /// <summary>Its addresses.</summary>
    internal required List<KernelAddress> Addresses { get; init; }

    /// <summary>The way to an address; null when there is none.</summary>
    internal required Func<IPAddress, KernelRoute?> RouteTo { get; init; }

    /// <summary>The router of an interface's default route; null without.</summary>
    internal Func<int, AddressFamily, IPAddress?> DefaultGateway { get; init; } = static (_, _) => null;

    /// <summary>The modules that drive an interface.</summary>
    internal Func<string, IReadOnlyList<string>> DriversOf { get; init; } = static _ => [];

    /// <summary>Whether an interface is a radio.</summary>
    internal Func<string, bool> IsWireless { get; init; } = static _ => false;

    /// <summary>Whether an interface's hardware address is made up anew at each start.</summary>
    internal Func<string, bool> HasRandomAddress { get; init; } = static _ => false;

    /// <summary>Whether the kernel has something as a loaded module, rather than built in.</summary>
    internal Func<string, bool> IsModule { get; init; } = static _ => false;

    /// <summary>The network as it is now.</summary>
    internal static NetworkView Of(INetlink netlink, string systemFolder, string modulesList) => new()
    {
        Links = netlink.Links(),
        Addresses = netlink.Addresses(),
        RouteTo = netlink.RouteTo,
        DefaultGateway = netlink.DefaultGateway,
        DriversOf = name => DeviceDrivers.Of($"class/net/{name}", systemFolder),
        IsWireless = name => Directory.Exists($"{systemFolder}/class/net/{name}/wireless")
            || Directory.Exists($"{systemFolder}/class/net/{name}/phy80211"),
        HasRandomAddress = name => Reads($"{systemFolder}/class/net/{name}/addr_assign_type", "1"),
        IsModule = name => ListsModule(modulesList, name),
    };

    /// <summary>The interface of a number; null without.</summary>
    internal KernelLink? Find(int index)
    {
        foreach (KernelLink link in Links)
        {
            if (link.Index == index)
            {
                return link;
            }
        }

        return null;
    }

    private static bool Reads(string path, string content)
    {
        try
        {
            return File.ReadAllText(path).Trim() == content;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool ListsModule(string list, string name)
    {
        try
        {
            foreach (string line in File.ReadLines(list))
            {
                if (line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && line[name.Length] == ' ')
                {
                    return true;
                }
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A kernel without modules has no list.
        }

        return false;
    }
}
