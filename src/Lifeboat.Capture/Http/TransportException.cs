namespace Lifeboat.Capture.Http;

/// <summary>A connection failed, or a server cannot answer now: another try may succeed.</summary>
internal sealed class TransportException(string message, bool isStall = false) : IOException(message)
{
    /// <summary>Whether it was waited for something that did not come.</summary>
    internal bool IsStall { get; } = isStall;
}
