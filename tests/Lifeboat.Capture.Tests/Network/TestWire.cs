using System.Net;
using System.Net.Sockets;
using Lifeboat.Capture.Network;

namespace Lifeboat.Capture.Tests.Network;

/// <summary>
/// Two machines on a wire: this one, whose network is set up, and a router with the networks 192.0.2.0/24 and 2001:db8:1::/64, behind
/// which the target 198.51.100.10, 2001:db8:2::10 is.
/// </summary>
internal sealed class TestWire : IDisposable
{
    internal const string Mac = "02:00:5e:00:53:01";

    internal TestWire()
    {
        Router = TestNamespace.Create();
        Here = TestNamespace.Create();
    }

    internal TestNamespace Here { get; }

    internal TestNamespace Router { get; }

    /// <summary>Puts the card in, under a name of this machine's own.</summary>
    internal TestWire PutIn(string name = "ens3", string mac = Mac)
    {
        Router.Ip(
            $"link add wire type veth peer name {name} address {mac} netns {Here.Path}",
            "link set lo up",
            "link set wire up",
            "addr add 192.0.2.1/24 dev wire",
            "-6 addr add 2001:db8:1::1/64 dev wire nodad",
            "addr add 198.51.100.10/32 dev lo",
            "-6 addr add 2001:db8:2::10/128 dev lo nodad");
        return this;
    }

    /// <summary>
    /// Switches the card on and waits for its carrier, for tests whose clock does not wait for the kernel. It may be called while a
    /// plan is carried out.
    /// </summary>
    internal TestWire SwitchOn()
    {
        Router.Run(() =>
        {
            Enter("link", "set", "ens3", "up");
            for (int tries = 0; !Enter("-o", "link", "show", "ens3").Contains("state UP", StringComparison.Ordinal); tries++)
            {
                Assert.True(tries < 2000, "the card gets no carrier");
            }
        });
        return this;

        string Enter(params string[] words) => Oracle.Run("nsenter", [], [$"--net={Here.Path}", "ip", .. words]);
    }

    /// <summary>The address from which the router sees us connect to one of its own.</summary>
    internal string Connect(string target)
    {
        var end = new IPEndPoint(IPAddress.Parse(target), 0);
        using TcpListener listener = Router.Run(() =>
        {
            var listener = new TcpListener(end);
            listener.Start();
            return listener;
        });
        using Socket client = Here.Run(() =>
        {
            var socket = new Socket(end.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Connect(listener.LocalEndpoint);
            return socket;
        });
        using Socket server = listener.AcceptSocket();
        return ((IPEndPoint)server.RemoteEndPoint!).Address.ToString();
    }

    /// <summary>Carries a plan out here.</summary>
    internal (IReadOnlyList<IPAddress> Reached, List<string> Lines) SetUp(
        string plan, TimeSpan timeout, TimeProvider? time = null)
    {
        var lines = new List<string>();
        var setup = new NetworkSetup(time ?? TimeProvider.System, lines.Add);
        return (Here.Run(() => setup.Run(NetworkPlan.Parse(plan, "network"), timeout)), lines);
    }

    public void Dispose()
    {
        Here.Dispose();
        Router.Dispose();
    }
}
