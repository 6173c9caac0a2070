using System.Buffers.Binary;
using Lifeboat.Capture.Network.Netlink;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;

namespace Lifeboat.Capture.Interop;

/// <summary>A socket to the kernel's rtnetlink, of the network namespace of the thread that opens it.</summary>
/// <remarks><para><b>Thread safety.</b> One thread at a time.</para></remarks>
internal sealed class RouteSocket : INetlink, IDisposable
{
    private const int AddressSize = 12; // struct sockaddr_nl
    private const int ReceiveSize = 64 << 10;

    // The kernel answers while the call is still running: what takes longer is stuck.
    private const long TimeoutSeconds = 10;

    private readonly byte[] _buffer = new byte[ReceiveSize];
    private readonly int _socket;
    private uint _sequence;

    private RouteSocket(int socket) => _socket = socket;

    /// <summary>Opens one.</summary>
    /// <exception cref="KernelInterfaceException">The kernel has none.</exception>
    internal static unsafe RouteSocket Open()
    {
        int socket = LibSocket.Open(LibSocket.Netlink, LibSocket.Raw, 0);
        if (socket < 0)
        {
            throw new KernelInterfaceException("socket", "rtnetlink", LastErrno.Get());
        }

        int on = 1;
        long* timeout = stackalloc long[2] { TimeoutSeconds, 0 };

        // Safety: the values live on the stack and are of the lengths given. A kernel without one of these options says less about
        // what it refuses, which is no reason to fail.
        _ = LibSocket.SetOption(socket, LibSocket.NetlinkLevel, LibSocket.NetlinkAnswerAttributes, &on, sizeof(int));
        _ = LibSocket.SetOption(socket, LibSocket.NetlinkLevel, LibSocket.NetlinkCapAnswers, &on, sizeof(int));
        _ = LibSocket.SetOption(socket, LibSocket.SocketLevel, LibSocket.ReceiveTimeout, timeout, 2 * sizeof(long));
        return new RouteSocket(socket);
    }

    /// <inheritdoc/>
    public bool Ask(NetlinkWriter request, string operation, string subject, NetlinkTaker take)
    {
        _sequence = unchecked(_sequence + 1);
        Send(request.Finish(_sequence), operation, subject);
        return TakeAnswer(operation, subject, take);
    }

    /// <inheritdoc/>
    public void Dispose() => _ = LibC.Close(_socket);

    private unsafe void Send(ReadOnlySpan<byte> request, string operation, string subject)
    {
        Span<byte> kernel = stackalloc byte[AddressSize];
        kernel.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(kernel, LibSocket.Netlink);

        // Safety: both are pinned, and the lengths are theirs.
        fixed (byte* bytes = request, address = kernel)
        {
            if (LibSocket.SendTo(_socket, bytes, (nuint)request.Length, 0, address, AddressSize) < 0)
            {
                throw new KernelInterfaceException(operation, subject, LastErrno.Get());
            }
        }
    }

    private bool TakeAnswer(string operation, string subject, NetlinkTaker take)
    {
        bool isWhole = true;
        while (true)
        {
            var messages = new NetlinkMessages(Receive(operation, subject));
            while (messages.Next())
            {
                // What answers an earlier request, which was given up, is of no interest.
                if (messages.Sequence != _sequence)
                {
                    continue;
                }

                isWhole &= !messages.WasInterrupted;
                switch (messages.Type)
                {
                    case NetlinkConstants.MessageDone:
                        return isWhole;
                    case NetlinkConstants.MessageError:
                        if (messages.Error != Errno.None)
                        {
                            throw new KernelInterfaceException(
                                operation, subject, messages.Error, messages.ErrorText is { } text ? $"The kernel says: {text}" : null);
                        }

                        return isWhole;
                    default:
                        take(messages.Type, messages.Body);
                        break;
                }

                if (!messages.IsPart)
                {
                    return isWhole;
                }
            }
        }
    }

    private unsafe ReadOnlySpan<byte> Receive(string operation, string subject)
    {
        Span<byte> sender = stackalloc byte[AddressSize];
        while (true)
        {
            uint addressLength = AddressSize;

            // Safety: buffer and address are pinned, the kernel writes no more than the lengths given.
            fixed (byte* bytes = _buffer, address = sender)
            {
                nint length = LibSocket.ReceiveFrom(_socket, bytes, ReceiveSize, LibSocket.Truncated, address, &addressLength);
                if (length < 0)
                {
                    Errno errno = LastErrno.Get();
                    if (errno == Errno.EINTR)
                    {
                        continue;
                    }

                    throw new KernelInterfaceException(operation, subject, errno);
                }

                // Any process may send to this socket; the kernel's number is 0.
                if (BinaryPrimitives.ReadUInt32LittleEndian(sender[4..]) != 0)
                {
                    continue;
                }

                return length <= ReceiveSize
                    ? _buffer.AsSpan(0, (int)length)
                    : throw new KernelInterfaceException(operation, subject, Errno.EMSGSIZE);
            }
        }
    }
}
