using System.Net;
using Lifeboat.Capture.Interop;
using Lifeboat.Capture.Network.Dhcp;
using Lifeboat.Capture.Network.Netlink;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Network;

/// <summary>Carries plans out in the capture kernel: cards, VLANs and bonds, carrier, addresses, routes.</summary>
/// <remarks>
/// <code>
/// cards by their hardware address -> VLANs, bonds -> up -> carrier -> DHCP | static -> route to each address of the host
///   waited for                                            waited for   waited for, then static
/// </code>
/// <para>A plan may be run again, and several plans may share links: what is there already stays, a lease is asked for once.</para>
/// <para><b>Thread safety.</b> One thread at a time, always in the same network namespace.</para>
/// </remarks>
public sealed class NetworkSetup
{
    /// <summary>The time for a plan when the settings say nothing: 30 s of it are a switch's that looks for loops first.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // Where one way is open already, others are not waited for any longer than this.
    private static readonly TimeSpan TimeForOthers = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _time;
    private readonly Action<string> _log;
    private readonly Func<INetlink> _openNetlink;
    private readonly AddressSetup _addresses;

    /// <summary>Sets up networks of this machine.</summary>
    /// <param name="time">Measures the waiting.</param>
    /// <param name="log">Takes lines about what is done, what is waited for and what is refused.</param>
    public NetworkSetup(TimeProvider time, Action<string> log)
        : this(time, log, RouteSocket.Open, PacketSocket.Open)
    {
    }

    internal NetworkSetup(TimeProvider time, Action<string> log, Func<INetlink> openNetlink, Func<int, string, IDhcpWire> openWire)
    {
        _time = time;
        _log = log;
        _openNetlink = openNetlink;
        _addresses = new AddressSetup(time, log, openWire);
    }

    /// <summary>Carries a plan out.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="timeout">The time for all of it.</param>
    /// <param name="cancellation">Ends the waiting early.</param>
    /// <returns>The host's addresses to which there is a way now, the preferred one first; one at least.</returns>
    /// <exception cref="DiagnosticException">To none of them is a way; the diagnostic says why.</exception>
    /// <exception cref="KernelInterfaceException">The kernel has no rtnetlink.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public IReadOnlyList<IPAddress> Run(NetworkPlan plan, TimeSpan timeout, CancellationToken cancellation = default)
    {
        long start = _time.GetTimestamp();
        INetlink netlink = _openNetlink();
        try
        {
            LinkState[] links = new LinkState[plan.Links.Count];
            for (int i = 0; i < links.Length; i++)
            {
                links[i] = new LinkState(plan.Links[i]);
            }

            var setup = new LinkSetup(netlink, plan, links, _log);
            setup.SwitchOnLoopback();
            WaitUntil(() => setup.FindCards(), () => setup.HasWay(), start, timeout, cancellation);
            setup.Build();
            WaitUntil(() => setup.HasCarriers(all: true), () => setup.HasCarriers(all: false), start, timeout, cancellation);
            setup.TellCarriers(_time.GetElapsedTime(start));
            return Reach(plan, links, netlink, start, timeout, cancellation);
        }
        finally
        {
            (netlink as IDisposable)?.Dispose();
        }
    }

    private List<IPAddress> Reach(
        NetworkPlan plan, LinkState[] links, INetlink netlink, long start, TimeSpan timeout, CancellationToken cancellation)
    {
        var reached = new List<IPAddress>();
        var faults = new List<string>();
        foreach (NetworkRoute route in plan.Routes)
        {
            LinkState link = links[route.Link];
            string? fault = link.Fault;
            if (fault is null)
            {
                try
                {
                    _addresses.Reach(netlink, plan, route, link, timeout - _time.GetElapsedTime(start), cancellation);
                    reached.Add(route.Target);
                }
                catch (KernelInterfaceException refusal)
                {
                    fault = refusal.Message;
                }
            }

            if (fault is not null)
            {
                _log($"no way to {route.Target}: {fault}");
                if (!faults.Contains(fault))
                {
                    faults.Add(fault);
                }
            }
        }

        return reached.Count > 0
            ? reached
            : throw new DiagnosticException(new Diagnostic(
                CaptureDiagnostics.NetworkDown, $"The network to {plan.Host} did not come up within {timeout.TotalSeconds:0.#} s")
            {
                Found = string.Join("; ", faults),
                Remedy = "Check the card, its driver in the ramdisk (lifeboat ramdisk check) and the cable; net_timeout sets the time",
            });
    }

    // Until all is there, or what suffices is there and the others had their time, or the time is over.
    private void WaitUntil(
        Func<bool> all, Func<bool> some, long start, TimeSpan timeout, CancellationToken cancellation)
    {
        long begin = _time.GetTimestamp();
        while (!all() && _time.GetElapsedTime(start) < timeout && (_time.GetElapsedTime(begin) < TimeForOthers || !some()))
        {
            TimedWait.For(_time, Pause, cancellation);
        }

        cancellation.ThrowIfCancellationRequested();
    }
}
