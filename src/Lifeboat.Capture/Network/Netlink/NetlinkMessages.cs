using System.Buffers.Binary;
using Lifeboat.Core.Linux;

namespace Lifeboat.Capture.Network.Netlink;

/// <summary>Walks over the messages of one answer, and ends at the first one whose length cannot be.</summary>
/// <param name="bytes">What one call received.</param>
internal ref struct NetlinkMessages(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;
    private ushort _flags;

    /// <summary>The type of the message at hand.</summary>
    internal ushort Type { get; private set; }

    /// <summary>The number of the request that it answers.</summary>
    internal uint Sequence { get; private set; }

    /// <summary>What follows its header.</summary>
    internal ReadOnlySpan<byte> Body { get; private set; }

    /// <summary>Whether what is listed changed meanwhile, so that the list may lack something.</summary>
    internal readonly bool WasInterrupted => (_flags & NetlinkConstants.FlagInterrupted) != 0;

    /// <summary>Whether others follow it in the answer.</summary>
    internal readonly bool IsPart => (_flags & NetlinkConstants.FlagPart) != 0;

    /// <summary>What an error message says; <see cref="Errno.None"/> is an acknowledgement.</summary>
    internal readonly Errno Error => Body.Length >= 4 ? (Errno)unchecked(-BinaryPrimitives.ReadInt32LittleEndian(Body)) : Errno.EIO;

    /// <summary>The kernel's words for an error; null without.</summary>
    internal readonly string? ErrorText
    {
        get
        {
            // The error's number, then the request's header or the whole request, then attributes.
            const int Start = 4 + NetlinkWriter.HeaderSize;
            if ((_flags & NetlinkConstants.FlagAnswerAttributes) == 0 || Body.Length < Start)
            {
                return null;
            }

            uint request = BinaryPrimitives.ReadUInt32LittleEndian(Body[4..]);
            int skip = (_flags & NetlinkConstants.FlagAnswerCapped) != 0 ? Start : (int)Math.Min(4L + ((request + 3L) & ~3L), Body.Length);
            var attributes = new NetlinkAttributes(Body[skip..]);
            while (attributes.Next())
            {
                if (attributes.Type == NetlinkConstants.ErrorText)
                {
                    return attributes.Text;
                }
            }

            return null;
        }
    }

    /// <summary>Goes to the next one.</summary>
    internal bool Next()
    {
        if (_rest.Length < NetlinkWriter.HeaderSize)
        {
            return false;
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(_rest);
        if (length < NetlinkWriter.HeaderSize || length > _rest.Length)
        {
            return false;
        }

        Type = BinaryPrimitives.ReadUInt16LittleEndian(_rest[4..]);
        _flags = BinaryPrimitives.ReadUInt16LittleEndian(_rest[6..]);
        Sequence = BinaryPrimitives.ReadUInt32LittleEndian(_rest[8..]);
        Body = _rest[NetlinkWriter.HeaderSize..(int)length];
        _rest = _rest[(int)Math.Min((length + 3L) & ~3L, _rest.Length)..];
        return true;
    }
}
