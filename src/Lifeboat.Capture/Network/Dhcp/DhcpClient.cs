using System.Net;
using Lifeboat.Core.Linux;

namespace Lifeboat.Capture.Network.Dhcp;

/// <summary>Asks the network for an address (RFC 2131, from the state INIT to BOUND). It is not renewed: a day is asked for.</summary>
/// <param name="wire">The link.</param>
/// <param name="mac">Our hardware address on it.</param>
/// <param name="transaction">A number that others do not use at the same time.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Takes lines about what is refused.</param>
internal sealed class DhcpClient(IDhcpWire wire, MacAddress mac, uint transaction, TimeProvider time, Action<string> log)
{
    private const int LargestPacket = 2048;
    private const int RequestTries = 3;

    // So long does one look at the wire take, after which time and cancellation are looked at.
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    // The first asking is often lost, where a switch's port has just come up.
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastPause = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan RequestPause = TimeSpan.FromSeconds(2);

    private readonly byte[] _buffer = new byte[LargestPacket];
    private readonly long _start = time.GetTimestamp();
    private Errno _refusal;

    /// <summary>Asks until there is an answer or the time is over.</summary>
    /// <param name="wanted">The address that we would like; null for any.</param>
    /// <param name="limit">The time.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>What the server gave; null when no server did.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    internal DhcpAnswer? Ask(IPAddress? wanted, TimeSpan limit, CancellationToken cancellation)
    {
        for (TimeSpan pause = FirstPause; Elapsed < limit; pause = pause * 2 < LastPause ? pause * 2 : LastPause)
        {
            Send(DhcpRequests.Discover(transaction, mac, Seconds, wanted));
            TimeSpan end = Least(Elapsed + pause, limit);
            bool mayTake = true;
            while (Receive(end, cancellation) is { } offer)
            {
                if (!mayTake || offer is not { Type: DhcpMessageType.Offer, IsUsable: true })
                {
                    continue;
                }

                if (Take(offer, limit, cancellation) is { } lease)
                {
                    return lease;
                }

                // A server that offers and refuses in turn is not asked any faster than a silent one.
                mayTake = false;
                end = Least(Elapsed + pause, limit);
            }
        }

        return null;
    }

    private DhcpAnswer? Take(DhcpAnswer offer, TimeSpan limit, CancellationToken cancellation)
    {
        for (int tries = 0; tries < RequestTries && Elapsed < limit; tries++)
        {
            Send(DhcpRequests.Request(transaction, mac, Seconds, offer.Address!, offer.Server));
            TimeSpan end = Least(Elapsed + RequestPause, limit);
            while (Receive(end, cancellation) is { } answer)
            {
                if (!answer.Server.Equals(offer.Server))
                {
                    continue;
                }

                if (answer is { Type: DhcpMessageType.Acknowledge, IsUsable: true })
                {
                    return answer;
                }

                if (answer.Type == DhcpMessageType.Refuse)
                {
                    log($"the DHCP server {offer.Server} offered {offer.Address} and refused it");
                    return null;
                }
            }
        }

        log($"the DHCP server {offer.Server} offered {offer.Address} and does not answer any more");
        return null;
    }

    private TimeSpan Elapsed => time.GetElapsedTime(_start);

    private ushort Seconds => (ushort)Math.Min(Elapsed.TotalSeconds, ushort.MaxValue);

    private static TimeSpan Least(TimeSpan left, TimeSpan right) => left < right ? left : right;

    private void Send(byte[] packet)
    {
        Errno refusal = wire.Send(packet);
        if (refusal != Errno.None && refusal != _refusal)
        {
            // The link may have gone down again for a moment: it is tried again with the next asking.
            log($"a DHCP message could not be sent: {refusal.Describe()}");
        }

        _refusal = refusal;
    }

    // The next answer to us; null when none came until then.
    private DhcpAnswer? Receive(TimeSpan end, CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            TimeSpan left = end - Elapsed;
            if (left <= TimeSpan.Zero)
            {
                return null;
            }

            int length = wire.Receive(_buffer, Least(left, Look));
            if (length > 0 && DhcpReader.TryRead(_buffer.AsSpan(0, length), transaction, mac, out DhcpAnswer? answer))
            {
                return answer;
            }
        }
    }
}
