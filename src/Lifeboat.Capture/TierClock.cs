namespace Lifeboat.Capture;

/// <summary>Measures one tier.</summary>
internal readonly struct TierClock(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    /// <summary>Seconds since the start, to the microsecond.</summary>
    internal double Seconds => Math.Round(time.GetElapsedTime(_start).TotalSeconds, 6);
}
