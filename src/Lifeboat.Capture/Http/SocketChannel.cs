using System.Diagnostics;
using System.Net;
using Lifeboat.Capture.Interop;
using Lifeboat.Core.Linux;

namespace Lifeboat.Capture.Http;

/// <summary>A TCP connection.</summary>
/// <remarks><para><b>Thread safety.</b> One thread at a time.</para></remarks>
internal sealed class SocketChannel : Channel
{
    // A poll is cut into these, so that a cancellation is seen.
    private const int SliceMilliseconds = 100;

    private readonly string _name;
    private readonly HttpTimeouts _timeouts;
    private readonly CancellationToken _cancellation;
    private int _descriptor;

    private SocketChannel(int descriptor, string name, HttpTimeouts timeouts, CancellationToken cancellation)
    {
        _descriptor = descriptor;
        _name = name;
        _timeouts = timeouts;
        _cancellation = cancellation;
    }

    /// <inheritdoc/>
    internal override bool HasInput => Poll(LibSocket.Readable, 0);

    /// <inheritdoc/>
    internal override bool WaitForInput(TimeSpan limit) => TryWait(LibSocket.Readable, limit);

    /// <summary>Connects.</summary>
    /// <exception cref="TransportException">There is no answer in time, or a refusal.</exception>
    internal static SocketChannel Connect(IPAddress address, int port, HttpTimeouts timeouts, CancellationToken cancellation)
    {
        string name = new IPEndPoint(address, port).ToString();
        byte[] target = SocketAddress.Of(address, port);
        int descriptor = LibSocket.Open(SocketAddress.FamilyOf(address), LibSocket.StreamWithoutBlocking, LibSocket.Tcp);
        if (descriptor < 0)
        {
            throw Failed(name, "socket", LastErrno.Get());
        }

        var channel = new SocketChannel(descriptor, name, timeouts, cancellation);
        try
        {
            channel.Connect(target);
            return channel;
        }
        catch
        {
            channel.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    internal override unsafe int Read(Span<byte> target)
    {
        while (true)
        {
            nint read;

            // Safety: pinned for the call, with its length.
            fixed (byte* to = target)
            {
                read = LibSocket.Receive(_descriptor, to, (nuint)target.Length, 0);
            }

            if (read >= 0)
            {
                return (int)read;
            }

            WaitAfter("receive from", LibSocket.Readable, _timeouts.Read);
        }
    }

    /// <inheritdoc/>
    internal override unsafe void Write(ReadOnlySpan<byte> data)
    {
        while (data.Length > 0)
        {
            nint written;

            // Safety: pinned for the call, with its length.
            fixed (byte* from = data)
            {
                written = LibSocket.Send(_descriptor, from, (nuint)data.Length, LibSocket.NoSignal);
            }

            if (written > 0)
            {
                data = data[(int)written..];
            }
            else
            {
                WaitAfter("send to", LibSocket.Writable, _timeouts.Write);
            }
        }
    }

    /// <inheritdoc/>
    internal override void Flush()
    {
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (_descriptor >= 0)
        {
            _ = LibC.Close(_descriptor);
            _descriptor = -1;
        }
    }

    private unsafe void Connect(byte[] target)
    {
        int result;

        // Safety: pinned for the call, with its length.
        fixed (byte* to = target)
        {
            result = LibSocket.Connect(_descriptor, to, (uint)target.Length);
        }

        if (result != 0)
        {
            Errno errno = LastErrno.Get();
            if (errno is not (Errno.EINPROGRESS or Errno.EINTR))
            {
                throw Failed(_name, "connect to", errno);
            }

            Wait("connect to", LibSocket.Writable, _timeouts.Connect);
            uint length = sizeof(int);
            if (LibSocket.GetOption(_descriptor, LibSocket.SocketLevel, LibSocket.PendingError, out int error, ref length) != 0 || error != 0)
            {
                throw Failed(_name, "connect to", (Errno)error);
            }
        }

        // Requests and the ends of records are not held back for more to come.
        _ = LibSocket.SetOption(_descriptor, LibSocket.Tcp, LibSocket.NoDelay, 1, sizeof(int));
    }

    private void WaitAfter(string operation, short events, TimeSpan limit)
    {
        Errno errno = LastErrno.Get();
        if (errno == Errno.EAGAIN)
        {
            Wait(operation, events, limit);
        }
        else if (errno != Errno.EINTR)
        {
            throw Failed(_name, operation, errno);
        }
    }

    private void Wait(string operation, short events, TimeSpan limit)
    {
        if (!TryWait(events, limit))
        {
            throw new TransportException($"{operation} {_name}: nothing for {limit.TotalSeconds:0.#} s", isStall: true);
        }
    }

    private bool TryWait(short events, TimeSpan limit)
    {
        long start = Stopwatch.GetTimestamp();
        while (!Poll(events, SliceMilliseconds))
        {
            _cancellation.ThrowIfCancellationRequested();
            if (Stopwatch.GetElapsedTime(start) > limit)
            {
                return false;
            }
        }

        return true;
    }

    private bool Poll(short events, int milliseconds)
    {
        var entry = new PollEntry { Descriptor = _descriptor, Wanted = events };
        return LibSocket.Poll(ref entry, 1, milliseconds) > 0;
    }

    private static TransportException Failed(string name, string operation, Errno errno) =>
        new($"{operation} {name}: {errno.Describe()}");
}
