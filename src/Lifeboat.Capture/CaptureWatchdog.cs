using Lifeboat.Capture.Init;

namespace Lifeboat.Capture;

/// <summary>
/// Ends the machine's run when the deadline passes, or when nothing has gone forward for too long, whatever the rest of the program
/// hangs in.
/// </summary>
/// <remarks>
/// Every step that could itself hang runs on a thread of its own and is given a few seconds: first a line on the console
/// and a sync, then the orderly end, then the forced one.
/// <para><b>Thread safety.</b> Safe.</para>
/// </remarks>
internal sealed class CaptureWatchdog(IMachinePower power, TimeProvider time, Action<string> complain)
{
    private const int StackBytes = 256 << 10;
    private static readonly TimeSpan SyncTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan EndTime = TimeSpan.FromSeconds(20);

    private readonly object _gate = new();
    private long _set;
    private long _lastSign;
    private TimeSpan _deadline;
    private TimeSpan? _stall;
    private PowerAction _action;
    private bool _stopped;

    /// <summary>Starts the watch.</summary>
    internal void Start(TimeSpan deadline, PowerAction action)
    {
        Set(deadline, stall: null, action);
        Run(Watch);
    }

    /// <summary>Sets another deadline, counted from now, another action, and how long there may be no sign of life.</summary>
    internal void Change(TimeSpan deadline, TimeSpan stall, PowerAction action) => Set(deadline, stall, action);

    /// <summary>Something has gone forward.</summary>
    internal void SignOfLife()
    {
        lock (_gate)
        {
            _lastSign = time.GetTimestamp();
        }
    }

    /// <summary>Ends the watch; for a program that is not process 1 and goes on living, and for a person at a shell.</summary>
    internal void Stop()
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.Pulse(_gate);
        }
    }

    private static Thread Run(Action action)
    {
        var thread = new Thread(() => action(), StackBytes) { IsBackground = true };
        thread.Start();
        return thread;
    }

    private void Set(TimeSpan deadline, TimeSpan? stall, PowerAction action)
    {
        lock (_gate)
        {
            (_deadline, _stall, _action) = (deadline, stall, action);
            _set = _lastSign = time.GetTimestamp();
            Monitor.Pulse(_gate);
        }
    }

    private void Watch()
    {
        PowerAction action;
        string reason;
        lock (_gate)
        {
            while (true)
            {
                TimeSpan toDeadline = _deadline - time.GetElapsedTime(_set);
                TimeSpan toStall = (_stall ?? TimeSpan.MaxValue) - time.GetElapsedTime(_lastSign);
                if (_stopped)
                {
                    return;
                }

                reason = toDeadline <= TimeSpan.Zero ? "the deadline has passed"
                    : $"nothing has gone forward for {_stall?.TotalSeconds:0} s";
                if (toDeadline <= TimeSpan.Zero || toStall <= TimeSpan.Zero)
                {
                    break;
                }

                Monitor.Wait(_gate, toDeadline < toStall ? toDeadline : toStall);
            }

            action = _action;
        }

        // The end syncs first. It gets its time even where the console takes no more characters.
        Run(() => complain(reason)).Join(TimeSpan.FromSeconds(1));
        Run(() => power.Finish(action)).Join(SyncTime + EndTime);
        Run(() => power.ForceFinish(action)).Join(EndTime);

        // A driver that hangs while devices are switched off hangs both ways of powering off. A restart asks no driver.
        power.ForceFinish(PowerAction.Reboot);
    }
}
