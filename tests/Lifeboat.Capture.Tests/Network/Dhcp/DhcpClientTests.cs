using System.Net;
using Lifeboat.Capture.Network.Dhcp;
using Lifeboat.Core.Linux;

namespace Lifeboat.Capture.Tests.Network.Dhcp;

public sealed class DhcpClientTests
{
    private const byte Discover = 1;
    private const byte Request = 3;

    private readonly List<string> _lines = [];

    [Fact]
    public void An_offer_is_taken_and_acknowledged()
    {
        var wire = new ScriptedWire(static type => [type == Discover ? TestServer.Offer() : TestServer.Acknowledgement()]);
        Assert.Equal("192.0.2.77", Ask(wire, 60)?.Address?.ToString());
        Assert.Equal([(Discover, 0), (Request, 0)], wire.Sent);
        Assert.Empty(_lines);
    }

    [Fact]
    public void Silence_is_asked_again_and_again_and_ends_with_the_time()
    {
        var wire = new ScriptedWire(static _ => []);
        Assert.Null(Ask(wire, 40));
        Assert.Equal([0, 10, 30, 70, 150, 230, 310, 390], wire.Sent.Select(sent => sent.Tenths));
        Assert.Equal(TimeSpan.FromSeconds(40), wire.GetElapsedTime(0));
    }

    [Fact]
    public void What_is_no_answer_to_us_is_passed_over()
    {
        byte[] foreign = TestServer.Offer();
        foreign[28 + 33] ^= 1;
        var wire = new ScriptedWire(type => type == Discover
            ? [[1, 2, 3], foreign, TestServer.Acknowledgement(), TestServer.Offer("0.0.0.0"), TestServer.Offer()]
            : [TestServer.Refusal(server: 9), TestServer.Acknowledgement(server: 9), TestServer.Offer(), TestServer.Acknowledgement()]);
        DhcpAnswer? answer = Ask(wire, 60);
        Assert.Equal("192.0.2.1", answer?.Server.ToString());
        Assert.Equal(2, wire.Sent.Count);
    }

    [Fact]
    public void A_request_is_repeated()
    {
        int requests = 0;
        var wire = new ScriptedWire(type => type == Discover ? [TestServer.Offer()]
            : ++requests == 3 ? [TestServer.Acknowledgement()] : []);
        Assert.NotNull(Ask(wire, 60));
        Assert.Equal([0, 0, 20, 40], wire.Sent.Select(sent => sent.Tenths));
    }

    [Fact]
    public void A_server_that_offers_and_refuses_is_not_asked_all_the_time()
    {
        var wire = new ScriptedWire(static type =>
            type == Discover ? Enumerable.Repeat(TestServer.Offer(), 50) : [TestServer.Refusal(), TestServer.Offer()]);
        Assert.Null(Ask(wire, 60));
        Assert.InRange(wire.Sent.Count, 4, 30);
        Assert.All(_lines, static line => Assert.Equal("the DHCP server 192.0.2.1 offered 192.0.2.77 and refused it", line));
    }

    [Fact]
    public void A_server_that_falls_silent_is_left()
    {
        int offers = 0;
        var wire = new ScriptedWire(type => type == Discover ? [TestServer.Offer(server: (byte)++offers)]
            : offers > 1 ? [TestServer.Acknowledgement(server: (byte)offers)] : []);
        Assert.Equal("192.0.2.2", Ask(wire, 60)?.Server.ToString());
        Assert.Contains("does not answer any more", Assert.Single(_lines), StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_that_takes_nothing_is_tried_again_and_told_of_once()
    {
        var wire = new ScriptedWire(static _ => []) { Refusal = Errno.ENETDOWN };
        Assert.Null(Ask(wire, 20));
        Assert.Equal(5, wire.Sent.Count);
        Assert.Contains("ENETDOWN", Assert.Single(_lines), StringComparison.Ordinal);
    }

    [Fact]
    public void A_cancelled_token_ends_it() => Assert.Throws<OperationCanceledException>(() =>
        Client(new ScriptedWire(static _ => [])).Ask(null, TimeSpan.FromSeconds(60), new CancellationToken(true)));

    /// <summary>The bytes as RFC 791, 768, 2131 and 2132 have them.</summary>
    [Fact]
    public void Messages_are_these_bytes()
    {
        const string Discovered =
            "45000148000000004011" + "79a6" + "00000000ffffffff" // IPv4 to everybody
            + "00440043" + "0134" + "b0b5" // UDP
            + "01010600" + "12345678" + "0005" + "8000" + "00000000000000000000000000000000" // BOOTP, 5 s, by broadcast
            + "52540012345600000000000000000000";
        byte[] packet = DhcpRequests.Discover(0x12345678, TestServer.Mac, 5, IPAddress.Parse("192.0.2.5"));
        Assert.Equal(328, packet.Length);
        Assert.Equal(Discovered, Convert.ToHexStringLower(packet)[..Discovered.Length]);
        Assert.Equal(ushort.MaxValue, DhcpRequests.Sum(packet.AsSpan(0, 20), 0));
        Assert.Equal(ushort.MaxValue, DhcpRequests.Sum(packet.AsSpan(20), 17 + 308));
        Assert.Equal(
            "63825363" + "350101" + "3204c0000205" + "330400015180" + "390205dc" + "3703017903" + "ff00",
            Convert.ToHexStringLower(packet.AsSpan(28 + 236, 30)));
        packet = DhcpRequests.Request(0x12345678, TestServer.Mac, 5, IPAddress.Parse("192.0.2.77"), IPAddress.Parse("192.0.2.1"));
        Assert.Equal(
            "63825363" + "350103" + "3604c0000201" + "3204c000024d" + "330400015180" + "390205dc" + "3703017903" + "ff",
            Convert.ToHexStringLower(packet.AsSpan(28 + 236, 35)));
    }

    private DhcpAnswer? Ask(ScriptedWire wire, int seconds) =>
        Client(wire).Ask(IPAddress.Parse("192.0.2.5"), TimeSpan.FromSeconds(seconds), CancellationToken.None);

    private DhcpClient Client(ScriptedWire wire) => new(wire, TestServer.Mac, TestServer.Transaction, wire, _lines.Add);
}
