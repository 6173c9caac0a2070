using System.Buffers.Binary;
using System.Net.Sockets;

namespace Lifeboat.Machine.Tests.Faults;

/// <summary>The begin of an NBD connection as a server sees it: fixed newstyle, simple replies, one export of any name.</summary>
internal static class NbdHandshake
{
    internal const int RequestSize = 28;
    internal const int ReplySize = 16;
    internal const uint ReplyMagic = 0x67446698;

    private const ulong Greeting = 0x4e42444d41474943; // NBDMAGIC
    private const ulong OptionMagic = 0x49484156454F5054; // IHAVEOPT
    private const ulong OptionReplyMagic = 0x3e889045565a9;
    private const ushort FixedNewStyle = 1;
    private const ushort Flags = 1 | 4 | 8; // has flags, takes flushes, takes forced writes
    private const uint ExportName = 1, Info = 6, Go = 7;
    private const uint Acknowledged = 1, InfoReply = 3, Unsupported = 0x80000001;
    private const int Zeroes = 124;

    internal static void Run(NetworkStream stream, long size)
    {
        Span<byte> greeting = stackalloc byte[18];
        BinaryPrimitives.WriteUInt64BigEndian(greeting, Greeting);
        BinaryPrimitives.WriteUInt64BigEndian(greeting[8..], OptionMagic);
        BinaryPrimitives.WriteUInt16BigEndian(greeting[16..], FixedNewStyle);
        stream.Write(greeting);
        Span<byte> header = stackalloc byte[16];
        stream.ReadExactly(header[..4]);
        while (true)
        {
            stream.ReadExactly(header);
            uint option = BinaryPrimitives.ReadUInt32BigEndian(header[8..]);
            byte[] data = new byte[BinaryPrimitives.ReadInt32BigEndian(header[12..])];
            stream.ReadExactly(data);
            byte[] export = new byte[12];
            BinaryPrimitives.WriteInt64BigEndian(export.AsSpan(2), size);
            BinaryPrimitives.WriteUInt16BigEndian(export.AsSpan(10), Flags);
            if (option == ExportName)
            {
                stream.Write(export.AsSpan(2));
                stream.Write(new byte[Zeroes]);
                return;
            }

            if (option is not (Info or Go))
            {
                Reply(stream, option, Unsupported, []);
                continue;
            }

            Reply(stream, option, InfoReply, export);
            Reply(stream, option, Acknowledged, []);
            if (option == Go)
            {
                return;
            }
        }
    }

    private static void Reply(NetworkStream stream, uint option, uint kind, byte[] data)
    {
        byte[] reply = new byte[20 + data.Length];
        BinaryPrimitives.WriteUInt64BigEndian(reply, OptionReplyMagic);
        BinaryPrimitives.WriteUInt32BigEndian(reply.AsSpan(8), option);
        BinaryPrimitives.WriteUInt32BigEndian(reply.AsSpan(12), kind);
        BinaryPrimitives.WriteInt32BigEndian(reply.AsSpan(16), data.Length);
        data.CopyTo(reply, 20);
        stream.Write(reply);
    }
}
