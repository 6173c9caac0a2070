namespace Lifeboat.Capture.Network;

/// <summary>How the parts of a plan fit together.</summary>
internal static class NetworkPlanRules
{
    private const int MostModuleName = 56; // MODULE_NAME_LEN

    /// <summary>What is wrong with these parts; null when nothing is.</summary>
    internal static string? FaultOf(
        string host,
        IReadOnlyList<NetworkLink> links,
        IReadOnlyList<NetworkAddress> addresses,
        IReadOnlyList<NetworkRoute> routes,
        IReadOnlyList<string> modules)
    {
        const int Most = NetworkPlan.MostParts;
        if (!IsHostName(host))
        {
            return $"'{host}' is no host's name";
        }

        if (links.Count > Most || addresses.Count > Most || routes.Count > Most || modules.Count > Most)
        {
            return $"more than {Most} links, addresses, routes or modules";
        }

        if (routes.Count == 0)
        {
            return "a plan without a route to its target";
        }

        foreach (string module in modules)
        {
            if (!IsModuleName(module))
            {
                return $"'{module}' is no module's name";
            }
        }

        return FaultOfLinks(links) ?? FaultOfAddresses(links, addresses) ?? FaultOfRoutes(routes, addresses);
    }

    /// <summary>Whether text can be a host's name or address, and an argument of a program.</summary>
    internal static bool IsHostName(string text)
    {
        foreach (char character in text)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('.' or '-' or '_' or ':'))
            {
                return false;
            }
        }

        return text.Length is > 0 and <= NetworkPlan.MostHostLength && text[0] is not ('-' or '.');
    }

    private static bool IsModuleName(string text)
    {
        foreach (char character in text)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_'))
            {
                return false;
            }
        }

        return text.Length is > 0 and < MostModuleName;
    }

    private static string? FaultOfLinks(IReadOnlyList<NetworkLink> links)
    {
        // A card has one place: as two links it would be set up twice, or be a member of two bonds.
        bool[] isTaken = new bool[links.Count];
        for (int i = 0; i < links.Count; i++)
        {
            switch (links[i])
            {
                case NetworkVlan vlan when vlan.Over < 0 || vlan.Over >= i:
                    return $"the VLAN {vlan.Name} is not over a link before it";
                case NetworkVlan vlan when isTaken[vlan.Over]:
                    return $"the VLAN {vlan.Name} is over a card of a bond";
                case NetworkCard card when IndexOfCard(links, card.Mac) != i:
                    return $"the card {card.Mac} again";
                case NetworkBond bond:
                    foreach (int member in bond.Members)
                    {
                        if (member < 0 || member >= i || links[member] is not NetworkCard || isTaken[member])
                        {
                            return $"a member of the bond {bond.Name} is no card before it, or has a place already";
                        }

                        isTaken[member] = true;
                    }

                    break;
            }
        }

        return null;
    }

    private static string? FaultOfAddresses(IReadOnlyList<NetworkLink> links, IReadOnlyList<NetworkAddress> addresses)
    {
        for (int i = 0; i < addresses.Count; i++)
        {
            NetworkAddress address = addresses[i];
            if (address.Link < 0 || address.Link >= links.Count)
            {
                return $"the address {address} is on no link";
            }

            if (!IPBytes.IsHost(address.Address))
            {
                return $"{address.Address} is no address that a host has";
            }

            for (int other = 0; address.IsDhcp && other < i; other++)
            {
                if (addresses[other].IsDhcp && addresses[other].Link == address.Link)
                {
                    return $"two addresses by DHCP on the link {links[address.Link].Name}";
                }
            }
        }

        return null;
    }

    private static string? FaultOfRoutes(IReadOnlyList<NetworkRoute> routes, IReadOnlyList<NetworkAddress> addresses)
    {
        foreach (NetworkRoute route in routes)
        {
            if (!IPBytes.IsHost(route.Target))
            {
                return $"{route.Target} is no address that a target has";
            }

            if (route.Gateway is { } gateway && (gateway.AddressFamily != route.Target.AddressFamily || !IPBytes.IsHost(gateway)))
            {
                return $"{gateway} is no router for {route.Target}";
            }

            if (AddressOf(route, addresses) is null)
            {
                return $"the route to {route.Target} has no address {route.Source} on its link";
            }
        }

        return null;
    }

    /// <summary>The entry of a route's source; null when there is none.</summary>
    internal static NetworkAddress? AddressOf(NetworkRoute route, IReadOnlyList<NetworkAddress> addresses)
    {
        foreach (NetworkAddress address in addresses)
        {
            if (address.Link == route.Link && address.Address.Equals(route.Source))
            {
                return address;
            }
        }

        return null;
    }

    private static int IndexOfCard(IReadOnlyList<NetworkLink> links, MacAddress mac)
    {
        for (int i = 0; i < links.Count; i++)
        {
            if (links[i] is NetworkCard card && card.Mac.Equals(mac))
            {
                return i;
            }
        }

        return -1;
    }
}
