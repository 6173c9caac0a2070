using System.Net;
using System.Net.Sockets;
using Lifeboat.Capture.Settings;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Network;

/// <summary>Reads the text of plans strictly: every word is known and in its limits, and the parts fit together.</summary>
internal sealed class NetworkPlanReader(string fileName)
{
    private const int MostText = 256 << 10;
    private const int MostPlans = 64;

    private readonly List<NetworkPlan> _plans = [];
    private List<NetworkLink> _links = [];
    private List<NetworkAddress> _addresses = [];
    private List<NetworkRoute> _routes = [];
    private List<string> _modules = [];
    private string? _host;
    private int _lineNumber;
    private int _targetLine;

    internal IReadOnlyList<NetworkPlan> Read(string text)
    {
        if (text.Length > MostText)
        {
            throw Bad($"{text.Length} characters", $"at most {MostText}");
        }

        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            _lineNumber++;
            if (!line.IsEmpty)
            {
                ReadLine(line.ToString());
            }
        }

        EndPlan();
        return _plans;
    }

    private void ReadLine(string text)
    {
        var line = new NetworkPlanLine(text);
        if (line.Directive == "target")
        {
            EndPlan();
            _host = line.Value();
            _targetLine = _lineNumber;
        }
        else if (_host is null)
        {
            line.Refuse("a target line is expected first");
        }
        else if (_links.Count + _addresses.Count + _routes.Count + _modules.Count >= 4 * NetworkPlan.MostParts)
        {
            line.Refuse("fewer lines are expected");
        }
        else
        {
            ReadPart(line);
        }

        line.End();
        if (line.Fault is { } fault)
        {
            throw Bad(text, fault);
        }
    }

    // A part is made of what was read only where nothing is wrong with it: its own rules are for callers.
    private void ReadPart(NetworkPlanLine line)
    {
        switch (line.Directive)
        {
            case "card":
                MacAddress? mac = line.OptionalMac("mac");
                (string name, int mtu, MacAddress? address) = Common(line);
                if (mac is null)
                {
                    line.Refuse("mac= is missing");
                }
                else if (line.Fault is null)
                {
                    _links.Add(new NetworkCard(name, mac, mtu, address));
                }

                break;
            case "vlan":
                int over = line.Number("over", 0, NetworkPlan.MostParts);
                int id = line.Number("id", 0, NetworkVlan.MostId);
                bool isProvider = line.Choice("protocol", "802.1ad", "802.1Q");
                (name, mtu, address) = Common(line);
                if (line.Fault is null)
                {
                    _links.Add(new NetworkVlan(name, over, id, isProvider, mtu, address));
                }

                break;
            case "bond":
                ReadBond(line);
                break;
            case "address":
                ReadAddress(line);
                break;
            case "route":
                ReadRoute(line);
                break;
            case "module":
                _modules.Add(line.Value());
                break;
            default:
                line.Refuse("target, card, vlan, bond, address, route or module is expected");
                break;
        }
    }

    private static (string Name, int Mtu, MacAddress? Address) Common(NetworkPlanLine line)
    {
        string name = line.Text("name");
        if (!NetworkLink.IsName(name))
        {
            line.Refuse("name: an interface's name is expected");
        }

        return (name, line.Number("mtu", NetworkLink.LeastMtu, NetworkLink.MostMtu), line.OptionalMac("address"));
    }

    private void ReadBond(NetworkPlanLine line)
    {
        string[] words = line.Text("members").Split(',');
        if (words.Length > NetworkBond.MostMembers)
        {
            line.Refuse($"members: at most {NetworkBond.MostMembers} are expected");
            return;
        }

        int[] members = new int[words.Length];
        for (int i = 0; i < words.Length; i++)
        {
            members[i] = line.Number("members", words[i], 0, NetworkPlan.MostParts);
        }

        var mode = (BondMode)line.Number("mode", 0, (int)BondMode.AdaptiveLoadBalancing);
        int miimon = line.Number("miimon", 1, NetworkBond.MostMiimon);
        int hash = line.Number("hash", 0, byte.MaxValue);
        bool isFast = line.Choice("lacp", "fast", "slow");
        int failOver = line.Number("failover", 0, byte.MaxValue);
        (string name, int mtu, MacAddress? address) = Common(line);
        if (line.Fault is null)
        {
            _links.Add(new NetworkBond(name, members, mode, miimon, mtu, address)
            {
                HashPolicy = (byte)hash,
                IsFastLacp = isFast,
                FailOverMac = (byte)failOver,
            });
        }
    }

    private void ReadAddress(NetworkPlanLine line)
    {
        string value = line.Value();
        int slash = value.IndexOf('/');
        IPAddress address = line.Address(slash < 0 ? value : value.AsSpan(0, slash));
        int prefix = line.Number("the prefix", slash < 0 ? "" : value.AsSpan(slash + 1), 0, IPBytes.BitsOf(address));
        int link = line.Number("link", 0, NetworkPlan.MostParts);
        bool isDhcp = line.Choice("by", "dhcp", "static");
        if (isDhcp && address.AddressFamily != AddressFamily.InterNetwork)
        {
            line.Refuse("by: static is expected of IPv6");
        }

        if (line.Fault is null)
        {
            _addresses.Add(new NetworkAddress(link, address, prefix, isDhcp));
        }
    }

    private void ReadRoute(NetworkPlanLine line)
    {
        IPAddress target = line.Address(line.Value());
        int link = line.Number("link", 0, NetworkPlan.MostParts);
        IPAddress source = line.Address(line.Text("source"));
        IPAddress? gateway = line.Optional("gateway") is { } text ? line.Address(text) : null;
        bool followsLease = line.Choice("by", "lease", "plan");
        if (target.AddressFamily != source.AddressFamily)
        {
            line.Refuse("source: an address of the target's family is expected");
        }

        if (line.Fault is null)
        {
            _routes.Add(new NetworkRoute(target, link, source) { Gateway = gateway, FollowsLease = followsLease });
        }
    }

    private void EndPlan()
    {
        if (_host is not { } host)
        {
            return;
        }

        // That parts do not fit together is a fault of no line of theirs.
        if (NetworkPlanRules.FaultOf(host, _links, _addresses, _routes, _modules) is { } fault)
        {
            _lineNumber = _targetLine;
            throw Bad($"target {host}", $"parts that fit together, not {fault}");
        }

        if (_plans.Count >= MostPlans)
        {
            throw Bad("another plan", $"at most {MostPlans}");
        }

        _plans.Add(new NetworkPlan(host, _links, _addresses, _routes, _modules));
        (_links, _addresses, _routes, _modules) = ([], [], [], []);
    }

    private DiagnosticException Bad(string found, string expected) =>
        new(new Diagnostic(CaptureDiagnostics.BadNetworkPlan, "The network plan is not understood")
        {
            Where = $"{fileName}:{_lineNumber}",
            Found = SettingText.Shown(found),
            Expected = expected,
            Remedy = "lifeboat ramdisk build writes it anew",
        });
}
