using System.Buffers.Binary;
using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Lifeboat.Kernel.Net;

namespace Lifeboat.Kernel.Tests.Net;

public sealed class NetTextTests
{
    [Fact]
    public void Addresses_are_written_as_everybody_writes_them()
    {
        Prop.ForAll<uint, ulong, ushort>((four, six, zeros) =>
        {
            byte[] bytes = new byte[16];
            BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), six);
            BinaryPrimitives.WriteUInt32BigEndian(bytes, four);
            for (int group = 0; group < 8; group++)
            {
                if ((zeros >> group & 1) != 0)
                {
                    bytes.AsSpan(group * 2, 2).Clear();
                }
            }

            // What looks like IPv4 within IPv6 is written as such by others.
            bytes[0] |= 0x20;
            return NetText.Version6(bytes) == new IPAddress(bytes).ToString() && NetText.Version4(four) == new IPAddress(four).ToString();
        }).QuickCheckThrowOnFailure();
        Assert.Equal("::1", NetText.Version6([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]));
        Assert.Equal("::", NetText.Version6(new byte[16]));
    }

    [Fact]
    public void Ports_turn_around_and_none_is_an_asterisk()
    {
        Assert.Equal(80, NetText.Port(0x5000));
        Assert.Equal("10.0.2.15:80", NetText.WithPort(NetText.Version4(0x0f02000a), 80));
        Assert.Equal("[::1]:*", NetText.WithPort("::1", 0));
        Assert.Null(NetText.WithPort(null, 80));
        Assert.Null(NetText.WithPort("::1", null));
    }
}
