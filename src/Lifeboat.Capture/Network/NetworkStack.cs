using Lifeboat.Capture.Network.Netlink;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Network;

/// <summary>The links of a plan as they are gathered: each interface with what it is over before it.</summary>
/// <param name="view">The machine.</param>
/// <param name="notices">Receives what is carried over differently.</param>
internal sealed class NetworkStack(NetworkView view, ICollection<Diagnostic> notices)
{
    // Cards, a bond, a VLAN, a VLAN in it, a bridge: more is a circle.
    private const int MostDepth = 8;

    private const int DefaultMiimon = 100;

    private readonly List<int> _indexes = [];

    /// <summary>The links so far.</summary>
    internal List<NetworkLink> Links { get; } = [];

    /// <summary>The modules that they need.</summary>
    internal List<string> Modules { get; } = [];

    /// <summary>The place of an interface, which is added with all that is below it.</summary>
    /// <exception cref="DiagnosticException">It cannot be carried over; nothing is added then.</exception>
    internal int Add(KernelLink link)
    {
        int links = Links.Count;
        int modules = Modules.Count;
        try
        {
            return Add(link, 0);
        }
        catch (DiagnosticException)
        {
            Links.RemoveRange(links, Links.Count - links);
            _indexes.RemoveRange(links, _indexes.Count - links);
            Modules.RemoveRange(modules, Modules.Count - modules);
            throw;
        }
    }

    /// <summary>Adds a module unless it is there.</summary>
    internal void AddModule(string module)
    {
        if (!Modules.Contains(module))
        {
            Modules.Add(module);
        }
    }

    private int Add(KernelLink link, int depth)
    {
        int place = _indexes.IndexOf(link.Index);
        if (place >= 0)
        {
            return place;
        }

        if (depth > MostDepth || Links.Count >= NetworkPlan.MostParts)
        {
            throw NotCarried(link, "too many interfaces over each other", "Choose a target that is reached in a simpler way");
        }

        return link.Kind switch
        {
            null => AddCard(link, isMember: false),
            "vlan" => AddVlan(link, depth),
            "bond" => AddBond(link),
            "bridge" => AddBridge(link, depth),
            _ => throw NotCarried(
                link, $"an interface of kind {link.Kind}", "Choose a target that is reached through a card, a VLAN or a bond"),
        };
    }

    private int AddCard(KernelLink link, bool isMember)
    {
        const string Another = "Choose a target that is reached through Ethernet";
        if (link.Hardware == NetlinkConstants.Loopback)
        {
            throw NotCarried(link, "the loopback interface", "The target must be another machine: this one is not running when it crashes");
        }

        if (link.Hardware != NetlinkConstants.Ethernet || link.Identity is not { } mac)
        {
            throw NotCarried(link, $"hardware of kind {link.Hardware}", Another);
        }

        if (view.IsWireless(link.Name))
        {
            throw NotCarried(link, "a wireless card, whose keys and daemon a capture kernel does not have", Another);
        }

        if (link.PermanentMac is null && view.HasRandomAddress(link.Name))
        {
            throw NotCarried(
                link,
                "a card without a hardware address of its own; it gets another one at each start and would not be found",
                "Give it a fixed address: a virtual machine's settings have one");
        }

        foreach (string module in view.DriversOf(link.Name))
        {
            AddModule(module);
        }

        return Place(link, new NetworkCard(
            link.Name, mac, MtuOf(link), !isMember && link.Mac is { } now && !now.Equals(mac) ? now : null));
    }

    private int AddVlan(KernelLink link, int depth)
    {
        KernelLink below = view.Find(link.Below)
            ?? throw NotCarried(link, "a VLAN over an interface of another namespace", "Choose a target that is reached otherwise");
        int over = Add(below, depth + 1);
        AddModule("8021q");
        return Place(link, new NetworkVlan(
            link.Name,
            over,
            Math.Min(link.VlanId, NetworkVlan.MostId),
            link.VlanProtocol == NetlinkConstants.TagOf8021Ad,
            MtuOf(link),
            link.Mac is { } mac && !mac.Equals(below.Mac) ? mac : null));
    }

    private int AddBond(KernelLink link)
    {
        var members = new List<int>();
        foreach (KernelLink member in view.Links)
        {
            if (member.Master == link.Index)
            {
                members.Add(member.Kind is null
                    ? AddCard(member, isMember: true)
                    : throw NotCarried(member, $"an interface of kind {member.Kind} in a bond", "Make the bond of cards only"));
            }
        }

        if (members.Count is 0 or > NetworkBond.MostMembers || link.BondMode > (byte)BondMode.AdaptiveLoadBalancing)
        {
            throw NotCarried(link, $"a bond of {members.Count} cards", $"A bond of 1 to {NetworkBond.MostMembers} cards can be");
        }

        if (link.Miimon == 0)
        {
            notices.Add(new Diagnostic(
                CaptureDiagnostics.NetworkDiffers,
                $"The bond {link.Name} will look at its cards' carriers each {DefaultMiimon} ms: here it does not, or asks by ARP"));
        }

        AddModule("bonding");
        return Place(link, new NetworkBond(
            link.Name,
            members,
            (BondMode)link.BondMode,
            link.Miimon == 0 ? DefaultMiimon : Math.Min(link.Miimon, NetworkBond.MostMiimon),
            MtuOf(link),
            link.Mac)
        {
            HashPolicy = link.HashPolicy,
            IsFastLacp = link.LacpRate != 0,
            FailOverMac = link.FailOverMac,
        });
    }

    // The guests and containers that the other ports lead to are gone at the crash: what is left is a wire.
    private int AddBridge(KernelLink link, int depth)
    {
        KernelLink? port = null;
        int ports = 0;
        foreach (KernelLink candidate in view.Links)
        {
            bool leadsOut = candidate.Kind is "bond" or "vlan"
                || (candidate.Kind is null && candidate.Hardware == NetlinkConstants.Ethernet && !view.IsWireless(candidate.Name));
            if (candidate.Master == link.Index && leadsOut)
            {
                port = candidate;
                ports++;
            }
        }

        if (port is null || ports != 1)
        {
            throw NotCarried(
                link,
                $"a bridge with {ports} ports that lead out of this machine",
                "A bridge with one such port can be replaced by that port; this one cannot");
        }

        int place = Add(port, depth + 1);
        notices.Add(new Diagnostic(
            CaptureDiagnostics.NetworkDiffers, $"The bridge {link.Name} is replaced by its one port that leads out, {port.Name}")
        {
            Remedy = link.FiltersVlans
                ? "It filters VLANs: packets of the port will have no tag; try it with a drill if the port is a trunk" : null,
        });
        return place;
    }

    private int Place(KernelLink link, NetworkLink planned)
    {
        Links.Add(planned);
        _indexes.Add(link.Index);
        return Links.Count - 1;
    }

    private static int MtuOf(KernelLink link) => Math.Clamp(link.Mtu, NetworkLink.LeastMtu, NetworkLink.MostMtu);

    private static DiagnosticException NotCarried(KernelLink link, string found, string remedy) =>
        new(new Diagnostic(CaptureDiagnostics.NetworkNotCarried, $"The way to the target leads through {link.Name}, which the capture cannot have")
        {
            Found = found,
            Remedy = remedy,
        });
}
