using System.Globalization;
using Lifeboat.Capture.Network.Netlink;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Network;

/// <summary>Finds the cards of a plan and makes its other links over them.</summary>
/// <param name="netlink">The kernel.</param>
/// <param name="plan">The plan.</param>
/// <param name="links">The state of its links, which is changed here.</param>
/// <param name="log">Takes lines about what is done and refused.</param>
internal sealed class LinkSetup(INetlink netlink, NetworkPlan plan, LinkState[] links, Action<string> log)
{
    // Names of our own that no driver gives: a link of an earlier plan is known again by its name.
    private const string Prefix = "lb";

    private List<KernelLink> _found = [];

    /// <summary>Switches the loopback interface on, without which a program cannot talk to itself.</summary>
    internal void SwitchOnLoopback()
    {
        foreach (KernelLink link in netlink.Links())
        {
            if (link.Hardware == NetlinkConstants.Loopback && !link.IsUp)
            {
                Try(NetlinkRequests.SwitchLink(link.Index, on: true), "switching on", link.Name);
            }
        }
    }

    /// <summary>Looks for the cards that are not found yet; whether all are.</summary>
    internal bool FindCards()
    {
        _found = netlink.Links();
        bool hasAll = true;
        foreach (LinkState state in links)
        {
            if (state.Link is NetworkCard card && state.Index == 0)
            {
                if (Find(card.Mac) is { } found)
                {
                    state.Index = found.Index;
                    state.Name = found.Name == card.Name ? found.Name : $"{found.Name} (was {card.Name})";
                    log($"the card {card.Mac} is {state.Name}");
                }
                else
                {
                    hasAll = false;
                }
            }
        }

        return hasAll;
    }

    /// <summary>Whether the cards that are found suffice for one of the routes.</summary>
    internal bool HasWay()
    {
        foreach (NetworkRoute route in plan.Routes)
        {
            if (HasCards(route.Link))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Makes what is over the cards and switches all on. What is refused becomes the fault of its link.</summary>
    internal void Build()
    {
        bool[] isMember = new bool[links.Length];
        foreach (LinkState state in links)
        {
            foreach (int member in (state.Link as NetworkBond)?.Members ?? [])
            {
                isMember[member] = true;
            }
        }

        for (int i = 0; i < links.Length; i++)
        {
            LinkState state = links[i];
            try
            {
                switch (state.Link)
                {
                    case NetworkCard card when state.Index == 0:
                        state.Fault = $"no card {card.Mac} ({card.Name} before), but {Cards()}";
                        log(state.Fault);
                        break;
                    case NetworkCard when isMember[i]:
                        break;
                    case NetworkCard:
                        LeaveBond(state);
                        Prepare(state);
                        break;
                    case NetworkVlan vlan:
                        BuildVlan(state, vlan);
                        break;
                    case NetworkBond bond:
                        BuildBond(state, bond);
                        break;
                }
            }
            catch (KernelInterfaceException refusal)
            {
                state.Fault = refusal.Message;
                log(refusal.Message);
            }
        }
    }

    /// <summary>Whether the links of all routes have a carrier, or one of them; those that have none get that as their fault.</summary>
    internal bool HasCarriers(bool all)
    {
        _found = netlink.Links();
        bool hasAll = true;
        bool hasOne = false;
        bool hasHope = false;
        foreach (NetworkRoute route in plan.Routes)
        {
            LinkState state = links[route.Link];
            if (state.Index == 0)
            {
                continue;
            }

            hasHope = true;
            KernelLink? link = FindIndex(state.Index);
            bool isRunning = link is { IsRunning: true };
            state.Mac = link?.Mac;
            state.Fault = isRunning ? null : $"{state.Name} has no carrier";
            hasAll &= isRunning;
            hasOne |= isRunning;
        }

        // Where no link is left, there is nothing to wait for.
        return !hasHope || (all ? hasAll : hasOne);
    }

    /// <summary>Tells which links have a carrier.</summary>
    internal void TellCarriers(TimeSpan after)
    {
        foreach (LinkState state in links)
        {
            if (state.Index != 0 && state.Mac is not null)
            {
                string seconds = after.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
                log(state.Fault is null ? $"{state.Name} is up after {seconds} s" : $"{state.Fault} after {seconds} s");
            }
        }
    }

    private void BuildVlan(LinkState state, NetworkVlan vlan)
    {
        LinkState below = links[vlan.Over];
        if (below.Index == 0 || below.Fault is not null)
        {
            state.Fault = below.Fault;
            return;
        }

        string name = string.Create(
            CultureInfo.InvariantCulture, $"{Prefix}{(vlan.IsProvider ? 'w' : 'v')}{below.Index}.{vlan.Id}");
        Make(state, name, NetlinkRequests.CreateVlan(name, below.Index, vlan), "making a VLAN", "8021q");
        Prepare(state);
    }

    private void BuildBond(LinkState state, NetworkBond bond)
    {
        var first = (NetworkCard)links[bond.Members[0]].Link;
        string name = $"{Prefix}b{first.Mac.ToString().Replace(":", "", StringComparison.Ordinal)}";
        if (!HasCards(IndexOf(state)))
        {
            state.Fault = $"no card of the bond {bond.Name} is here";
            return;
        }

        Make(state, name, NetlinkRequests.CreateBond(name, bond), "making a bond", "bonding");
        foreach (int place in bond.Members)
        {
            LinkState member = links[place];
            if (member.Index == 0 || FindIndex(member.Index) is not { } card || card.Master == state.Index)
            {
                continue;
            }

            if (card.IsUp)
            {
                Try(NetlinkRequests.SwitchLink(card.Index, on: false), "switching off", member.Name);
            }

            Try(NetlinkRequests.SetMaster(card.Index, state.Index), "adding to a bond", member.Name);
        }

        Prepare(state);
    }

    // Finds the link that an earlier plan made, or makes it.
    private void Make(LinkState state, string name, NetlinkWriter request, string operation, string module)
    {
        int index = IndexNamed(name);
        if (index == 0)
        {
            try
            {
                Ask(request, operation, state.Link.Name);
            }
            catch (KernelInterfaceException refusal) when (refusal.Errno == Core.Linux.Errno.EOPNOTSUPP)
            {
                throw new KernelInterfaceException(
                    operation, state.Link.Name, refusal.Errno, $"The kernel has no such links: the module {module} is missing in the ramdisk");
            }

            _found = netlink.Links();
            index = IndexNamed(name);
        }

        state.Index = index;
        state.Name = $"{name} (was {state.Link.Name})";
    }

    // A hardware address is set before it is switched on: afterwards many drivers refuse.
    private void Prepare(LinkState state)
    {
        KernelLink? link = FindIndex(state.Index);
        if (state.Link.Address is { } mac && link is not null && !mac.Equals(link.Mac))
        {
            if (link.IsUp)
            {
                Try(NetlinkRequests.SwitchLink(state.Index, on: false), "switching off", state.Name);
            }

            Try(NetlinkRequests.SetMac(state.Index, mac), $"setting the hardware address {mac} of", state.Name);
        }

        if (link?.Mtu != state.Link.Mtu)
        {
            Try(NetlinkRequests.SetMtu(state.Index, state.Link.Mtu), $"setting the MTU {state.Link.Mtu} of", state.Name);
        }

        Ask(NetlinkRequests.SwitchLink(state.Index, on: true), "switching on", state.Name);
    }

    // A card that an earlier plan put in a bond, and that this one has for itself.
    private void LeaveBond(LinkState state)
    {
        if (FindIndex(state.Index) is { Master: > 0 } card && FindIndex(card.Master) is { Kind: "bond" } bond
            && bond.Name.StartsWith(Prefix, StringComparison.Ordinal))
        {
            Try(NetlinkRequests.SetMaster(card.Index, 0), "taking out of a bond", state.Name);
        }
    }

    private void Ask(NetlinkWriter request, string operation, string subject) =>
        netlink.Ask(request, operation, subject, static (_, _) => { });

    // What is better with it, and may do without.
    private void Try(NetlinkWriter request, string operation, string subject)
    {
        try
        {
            Ask(request, operation, subject);
        }
        catch (KernelInterfaceException refusal)
        {
            log(refusal.Message);
        }
    }

    private bool HasCards(int place)
    {
        switch (links[place].Link)
        {
            case NetworkVlan vlan:
                return HasCards(vlan.Over);
            case NetworkBond bond:
                foreach (int member in bond.Members)
                {
                    if (links[member].Index != 0)
                    {
                        return true;
                    }
                }

                return false;
            default:
                return links[place].Index != 0;
        }
    }

    private int IndexOf(LinkState state) => Array.IndexOf(links, state);

    // VLANs and bonds have their cards' addresses too. Where a virtual card stands before a real one, the latter is its member.
    private KernelLink? Find(MacAddress mac)
    {
        KernelLink? member = null;
        foreach (KernelLink link in _found)
        {
            if (link.Kind is not ("vlan" or "bond" or "bridge") && link.Hardware == NetlinkConstants.Ethernet && mac.Equals(link.Identity))
            {
                if (link.Master == 0)
                {
                    return link;
                }

                member ??= link;
            }
        }

        return member;
    }

    private KernelLink? FindIndex(int index)
    {
        foreach (KernelLink link in _found)
        {
            if (link.Index == index)
            {
                return link;
            }
        }

        return null;
    }

    private int IndexNamed(string name)
    {
        foreach (KernelLink link in _found)
        {
            if (link.Name == name)
            {
                return link.Index;
            }
        }

        return 0;
    }

    private string Cards()
    {
        var cards = new List<string>();
        foreach (KernelLink link in _found)
        {
            if (link.Hardware == NetlinkConstants.Ethernet && link.Identity is { } mac)
            {
                cards.Add($"{link.Name} {mac}");
            }
        }

        return cards.Count == 0 ? "none at all: its driver may be missing in the ramdisk" : string.Join(", ", cards);
    }
}
