namespace Lifeboat.Capture.Network;

/// <summary>Waits for a while of a clock.</summary>
internal static class TimedWait
{
    /// <summary>Waits.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    internal static void For(TimeProvider time, TimeSpan span, CancellationToken cancellation)
    {
        using var elapsed = new ManualResetEventSlim();
        using ITimer timer = time.CreateTimer(_ => elapsed.Set(), null, span, Timeout.InfiniteTimeSpan);
        elapsed.Wait(cancellation);
    }
}
