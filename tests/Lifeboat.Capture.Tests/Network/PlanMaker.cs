using System.Net;
using Lifeboat.Capture.Network;

namespace Lifeboat.Capture.Tests.Network;

/// <summary>Plans of all kinds, by chance.</summary>
internal static class PlanMaker
{
    internal static NetworkPlan Make(Random random)
    {
        var links = new List<NetworkLink>();
        var free = new List<int>();
        int cards = random.Next(1, 6);
        for (int i = 0; i < cards; i++)
        {
            links.Add(new NetworkCard(Name(random), new MacAddress([2, 0, 0, 0, (byte)i, (byte)random.Next(256)]), Mtu(random), Mac(random)));
        }

        int members = random.Next(0, cards + 1);
        if (members > 0)
        {
            links.Add(new NetworkBond(
                Name(random), [.. Enumerable.Range(0, members)], (BondMode)random.Next(7), random.Next(1, 60_001), Mtu(random), Mac(random))
            {
                HashPolicy = (byte)random.Next(256),
                IsFastLacp = random.Next(2) == 0,
                FailOverMac = (byte)random.Next(256),
            });
        }

        free.AddRange(Enumerable.Range(members, links.Count - members));
        for (int i = random.Next(3); i > 0; i--)
        {
            links.Add(new NetworkVlan(
                Name(random), free[random.Next(free.Count)], random.Next(4095), random.Next(2) == 0, Mtu(random), Mac(random)));
            free.Add(links.Count - 1);
        }

        var addresses = new List<NetworkAddress>();
        var routes = new List<NetworkRoute>();
        for (int i = random.Next(1, 5); i > 0; i--)
        {
            bool isIPv6 = random.Next(2) == 0;
            int link = free[random.Next(free.Count)];
            bool isDhcp = !isIPv6 && random.Next(2) == 0 && !addresses.Exists(known => known.IsDhcp && known.Link == link);
            IPAddress own = Address(random, isIPv6);
            addresses.Add(new NetworkAddress(link, own, random.Next(isIPv6 ? 129 : 33), isDhcp));
            routes.Add(new NetworkRoute(Address(random, isIPv6), link, own)
            {
                Gateway = random.Next(2) == 0 ? Address(random, isIPv6) : null,
                FollowsLease = random.Next(2) == 0,
            });
        }

        return new NetworkPlan(
            random.Next(2) == 0 ? "dumps.example" : "2001:db8::1", links, addresses, routes,
            [.. Enumerable.Range(0, random.Next(4)).Select(number => $"module_{number}-x")]);
    }

    private static string Name(Random random) => "eth0.7-_@"[..random.Next(1, 10)];

    private static int Mtu(Random random) => random.Next(NetworkLink.LeastMtu, NetworkLink.MostMtu + 1);

    private static MacAddress? Mac(Random random)
    {
        byte[] bytes = new byte[6];
        random.NextBytes(bytes);
        return random.Next(2) == 0 ? new MacAddress(bytes) : null;
    }

    private static IPAddress Address(Random random, bool isIPv6)
    {
        byte[] bytes = new byte[isIPv6 ? 16 : 4];
        random.NextBytes(bytes);
        bytes[0] = isIPv6 ? (byte)0x20 : (byte)random.Next(1, 100);
        return new IPAddress(bytes);
    }
}
