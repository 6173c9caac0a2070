using Lifeboat.Core.IO;

namespace Lifeboat.Capture.Ssh;

/// <summary>One of the streams of a <see cref="FarSide"/>: each read and write ends in time.</summary>
internal sealed class FarSideStream(FarSide side, Stream inner) : SequentialStream
{
    public override bool CanRead => inner.CanRead;

    public override bool CanWrite => inner.CanWrite;

    public override int Read(Span<byte> buffer)
    {
        side.Arm(side.Limit);
        try
        {
            return inner.Read(buffer);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException)
        {
            throw side.Failed(error);
        }
        finally
        {
            side.Disarm();
        }
    }

    /// <summary>The next byte without a limit, for a thread that listens all the time; -1 at the end.</summary>
    internal int ReadUnlimited()
    {
        try
        {
            Span<byte> one = stackalloc byte[1];
            return inner.Read(one) == 0 ? -1 : one[0];
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException)
        {
            return -1;
        }
    }

    /// <summary>The error for an end that comes too early.</summary>
    internal Exception Ended() => side.Failed(new EndOfStreamException("it said nothing more"));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        side.Arm(side.Limit);
        try
        {
            inner.Write(buffer);
            inner.Flush();
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException)
        {
            throw side.Failed(error);
        }
        finally
        {
            side.Disarm();
        }
    }
}
