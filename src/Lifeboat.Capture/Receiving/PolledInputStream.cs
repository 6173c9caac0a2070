using Lifeboat.Capture.Interop;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.IO;
using Lifeboat.Core.Linux;

namespace Lifeboat.Capture.Receiving;

/// <summary>Reads an open descriptor, and gives up when nothing comes for too long.</summary>
/// <param name="descriptor">The descriptor; stays open.</param>
/// <param name="patience">How long to wait for the next byte.</param>
/// <param name="time">Measures the waiting.</param>
/// <param name="cancellationToken">Ends it early.</param>
public sealed class PolledInputStream(int descriptor, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken) : SequentialStream
{
    private const int LookMilliseconds = 250;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    /// <exception cref="IOException">Nothing came in time.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public override unsafe int Read(Span<byte> buffer)
    {
        long start = time.GetTimestamp();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();

            var entry = new PollEntry { Descriptor = descriptor, Wanted = LibSocket.Readable };
            int ready = LibSocket.Poll(ref entry, 1, LookMilliseconds);
            if (ready == 0 && time.GetElapsedTime(start) >= patience)
            {
                throw new IOException($"nothing came for {patience.TotalSeconds:0} s");
            }

            if (ready <= 0)
            {
                continue;
            }

            // Safety: the span is pinned for the call, which writes no more than its length.
            fixed (byte* target = buffer)
            {
                nint read = LibC.Read(descriptor, target, (nuint)buffer.Length);
                if (read >= 0)
                {
                    return (int)read;
                }
            }

            if (LastErrno.Get() is var errno and not (Errno.EINTR or Errno.EAGAIN))
            {
                throw new KernelInterfaceException("read", "standard input", errno);
            }
        }
    }
}
