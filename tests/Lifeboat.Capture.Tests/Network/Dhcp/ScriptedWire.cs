using Lifeboat.Capture.Network.Dhcp;
using Lifeboat.Core.Linux;

namespace Lifeboat.Capture.Tests.Network.Dhcp;

/// <summary>A network whose clock moves on by what is waited for, and which answers what it is told to.</summary>
internal sealed class ScriptedWire(Func<byte, IEnumerable<byte[]>> answer) : TimeProvider, IDhcpWire
{
    private readonly Queue<byte[]> _answers = [];
    private long _now;

    /// <summary>The types of the messages that were sent, each with the tenth of a second.</summary>
    internal List<(byte Type, int Tenths)> Sent { get; } = [];

    /// <summary>The last message that was sent.</summary>
    internal byte[] Last { get; private set; } = [];

    /// <summary>What sending gives.</summary>
    internal Errno Refusal { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now;

    public Errno Send(ReadOnlySpan<byte> packet)
    {
        Last = packet.ToArray();
        byte type = packet[28 + 242];
        Sent.Add((type, (int)(_now / (TimeSpan.TicksPerSecond / 10))));
        foreach (byte[] bytes in Refusal == Errno.None ? answer(type) : [])
        {
            _answers.Enqueue(bytes);
        }

        return Refusal;
    }

    public int Receive(Span<byte> buffer, TimeSpan limit)
    {
        if (_answers.TryDequeue(out byte[]? packet))
        {
            _now += TimeSpan.TicksPerMillisecond;
            packet.CopyTo(buffer);
            return packet.Length;
        }

        _now += limit.Ticks;
        return 0;
    }
}
