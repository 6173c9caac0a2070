namespace Lifeboat.Capture.Http;

/// <summary>A connection to a server, in the clear or through TLS; every wait of it ends.</summary>
internal abstract class Channel : IDisposable
{
    /// <summary>Whether something has come, or the end: on a connection that waits for nothing, a sign that it is no good any more.</summary>
    internal abstract bool HasInput { get; }

    /// <summary>Waits until something has come; false when nothing has in that time.</summary>
    internal abstract bool WaitForInput(TimeSpan limit);

    /// <summary>Reads what is there, at least a byte; 0 at the end.</summary>
    /// <exception cref="TransportException">Nothing came in time, or the connection broke.</exception>
    internal abstract int Read(Span<byte> target);

    /// <summary>Writes all of it.</summary>
    /// <exception cref="TransportException">Nothing was taken in time, or the connection broke.</exception>
    internal abstract void Write(ReadOnlySpan<byte> data);

    /// <summary>Sends what <see cref="Write"/> may still hold.</summary>
    internal abstract void Flush();

    /// <summary>Ends the connection at once.</summary>
    public abstract void Dispose();
}
