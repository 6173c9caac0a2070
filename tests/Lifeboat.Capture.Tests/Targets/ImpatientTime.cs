namespace Lifeboat.Capture.Tests.Targets;

/// <summary>A clock whose timers are due at once and which moves on by what they would have waited.</summary>
internal sealed class ImpatientTime(Action<int>? onTimer = null) : TimeProvider
{
    private long _now;
    private int _timers;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddYears(56).AddTicks(_now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _now += dueTime.Ticks;
        onTimer?.Invoke(++_timers);
        callback(state);
        return new Timer();
    }

    private sealed class Timer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
