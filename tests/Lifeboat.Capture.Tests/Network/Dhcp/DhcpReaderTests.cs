using System.Net;
using Lifeboat.Capture.Network;
using Lifeboat.Capture.Network.Dhcp;

namespace Lifeboat.Capture.Tests.Network.Dhcp;

public sealed class DhcpReaderTests
{
    [Fact]
    public void An_offer_is_read()
    {
        DhcpAnswer answer = Read(TestServer.Offer());
        Assert.Equal(DhcpMessageType.Offer, answer.Type);
        Assert.Equal("192.0.2.77", answer.Address!.ToString());
        Assert.Equal("192.0.2.1", answer.Server.ToString());
        Assert.Equal("192.0.2.1", answer.Router!.ToString());
        Assert.Equal((24, 3600U), (answer.PrefixLength, answer.LeaseSeconds));
    }

    [Fact]
    public void Options_may_lie_in_the_fields_of_the_names_and_a_long_one_in_several()
    {
        byte[] options = [53, 1, 2, 52, 1, 3, 121, 5, 8, 10, 192, 0, 2, 255];
        byte[] file = [54, 4, 192, 0, 2, 1, 121, 1, 9, 255];
        byte[] name = [0, 0, 1, 4, 255, 255, 0, 0, 255];
        DhcpAnswer answer = Read(TestServer.Packet("192.0.2.77", options, file, name));
        Assert.Equal(16, answer.PrefixLength);
        DhcpRoute route = Assert.Single(answer.Routes);
        Assert.Equal(("10.0.0.0", 8, "192.0.2.9"), (route.Network.ToString(), route.PrefixLength, route.Gateway.ToString()));
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("127.0.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    public void An_address_that_no_host_has_is_none(string address) => Assert.False(Read(TestServer.Offer(address)).IsUsable);

    [Theory]
    [InlineData(255, 0, 255, 0)]
    [InlineData(0, 0, 0, 0)]
    [InlineData(0, 255, 255, 255)]
    public void A_mask_that_is_none_leaves_the_address_alone(byte a, byte b, byte c, byte d) => Assert.Equal(
        32, Read(TestServer.Answer("192.0.2.77", TestServer.Type(2), TestServer.Server(1), [1, 4, a, b, c, d])).PrefixLength);

    [Fact]
    public void Routes_that_cannot_be_are_none() => Assert.Empty(Read(TestServer.Answer(
        "192.0.2.77", TestServer.Type(2), TestServer.Server(1), [121, 12, 8, 10, 192, 0, 2, 9, 33, 1, 2, 3, 4, 5])).Routes);

    [Theory]
    [InlineData(0, 0x46)] // a longer header than is summed up
    [InlineData(0, 0x65)] // another version
    [InlineData(3, 0xff)] // longer than what came
    [InlineData(6, 0x20)] // a piece
    [InlineData(7, 0x01)] // a piece
    [InlineData(9, 6)] // no UDP
    [InlineData(21, 68)] // no server's port
    [InlineData(23, 67)] // no client's port
    [InlineData(24, 0)] // shorter than a header of UDP
    [InlineData(24, 0xff)] // longer than its packet
    [InlineData(28, 1)] // a request
    [InlineData(29, 6)] // no Ethernet
    [InlineData(30, 7)] // an address of 7 bytes
    [InlineData(35, 0)] // another's number
    [InlineData(61, 0)] // another's hardware address
    [InlineData(264, 0)] // no options
    [InlineData(270, 3)] // a request
    [InlineData(271, 12)] // without a server
    public void What_is_no_answer_to_us_is_nothing(int at, byte value)
    {
        byte[] packet = TestServer.Offer();
        packet[at] = value;
        TestServer.FixSum(packet);
        Assert.False(DhcpReader.TryRead(packet, TestServer.Transaction, TestServer.Mac, out _));
    }

    [Fact]
    public void A_header_with_a_wrong_sum_is_nothing()
    {
        byte[] packet = TestServer.Offer();
        packet[8]--;
        Assert.False(DhcpReader.TryRead(packet, TestServer.Transaction, TestServer.Mac, out _));
    }

    [Fact]
    public void Padding_of_a_short_frame_is_no_part_of_it() => Assert.Equal(
        "192.0.2.77", Read([.. TestServer.Offer(), 1, 2, 3]).Address!.ToString());

    [Fact]
    public void A_damaged_answer_is_nothing_or_makes_sense()
    {
        byte[] whole = TestServer.Answer(
            "192.0.2.77", TestServer.Type(5), TestServer.Server(1), TestServer.Mask, TestServer.Router, TestServer.Lease,
            [52, 1, 3, 121, 14, 24, 10, 1, 2, 192, 0, 2, 9, 0, 192, 0, 2, 8, 0]);
        int read = 0;
        foreach (byte[] damaged in Mutations.Of(whole[20..], 20_000, seed: 3))
        {
            byte[] packet = [.. whole[..20], .. damaged];
            if (packet.Length <= ushort.MaxValue)
            {
                packet[2] = (byte)(packet.Length >> 8);
                packet[3] = (byte)packet.Length;
            }

            TestServer.FixSum(packet);
            if (DhcpReader.TryRead(packet, TestServer.Transaction, TestServer.Mac, out DhcpAnswer? answer))
            {
                read++;
                Assert.InRange(answer.PrefixLength, 1, 32);
                Assert.True(answer.Address is null || IPBytes.IsHost(answer.Address));
                Assert.True(answer.Router is null || IPBytes.IsHost(answer.Router));
                Assert.All(answer.Routes, route => Assert.InRange(route.PrefixLength, 0, 32));
                _ = answer.TryFindWay(IPAddress.Parse("10.1.2.3"), out _);
            }
        }

        Assert.InRange(read, 100, 20_000);
    }

    [Theory]
    [InlineData("192.0.2.9", true, null)] // on the link
    [InlineData("203.0.113.1", true, "192.0.2.1")] // by the router
    public void The_way_to_a_target_is_the_link_or_the_router(string target, bool hasWay, string? gateway) =>
        CheckWay(Read(TestServer.Offer()), target, hasWay, gateway);

    [Theory]
    [InlineData("192.0.2.9", true, null)] // on the link
    [InlineData("192.0.2.130", true, "192.0.2.7")] // a more special route than the link's
    [InlineData("10.1.2.3", true, "192.0.2.9")]
    [InlineData("172.16.0.1", true, null)] // by the word of the server
    [InlineData("203.0.113.1", false, null)] // where there are routes the router does not count
    public void Routes_that_the_server_names_count_by_their_length(string target, bool hasWay, string? gateway) =>
        CheckWay(
            Read(TestServer.Answer(
                "192.0.2.77", TestServer.Type(5), TestServer.Server(1), TestServer.Mask, TestServer.Router,
                [121, 22, 8, 10, 192, 0, 2, 9, 12, 172, 16, 0, 0, 0, 0, 25, 192, 0, 2, 128, 192, 0, 2, 7])),
            target,
            hasWay,
            gateway);

    private static void CheckWay(DhcpAnswer answer, string target, bool hasWay, string? gateway)
    {
        Assert.Equal(hasWay, answer.TryFindWay(IPAddress.Parse(target), out IPAddress? found));
        Assert.Equal(gateway, found?.ToString());
    }

    private static DhcpAnswer Read(byte[] packet)
    {
        Assert.True(DhcpReader.TryRead(packet, TestServer.Transaction, TestServer.Mac, out DhcpAnswer? answer));
        return answer;
    }
}
