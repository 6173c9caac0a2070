using Lifeboat.Capture.Init;
using Lifeboat.Capture.Watchdogs;

namespace Lifeboat.Capture;

/// <summary>
/// Ends the machine's run when the deadline passes, or when nothing has gone forward for too long, whatever the rest of the program
/// hangs in.
/// </summary>
/// <remarks>
/// Every step that could itself hang runs on a thread of its own and is given a few seconds: first a line on the console
/// and a sync, then the orderly end, then the forced one.
/// <para>The machine's own watchdogs hear from this thread for as long as all is well: one that hears nothing, because the kernel hangs, this
/// process is dead or stopped, or the end itself hangs, resets the machine.</para>
/// <para><b>Thread safety.</b> Safe.</para>
/// </remarks>
internal sealed class CaptureWatchdog(IMachinePower power, TimeProvider time, Action<string> complain)
{
    private const int StackBytes = 256 << 10;
    private const int SignsInItsTime = 3;
    private static readonly TimeSpan SyncTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan EndTime = TimeSpan.FromSeconds(20);

    private readonly object _gate = new();
    private long _set;
    private long _lastSign;
    private TimeSpan _deadline;
    private TimeSpan? _stall;
    private PowerAction _action;
    private bool _stopped;
    private IHardwareWatchdog[] _hardware = [];

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

    /// <summary>Lets the machine's watchdogs hear from this watch, three times in the time that each waits.</summary>
    internal void Take(IReadOnlyList<IHardwareWatchdog> hardware)
    {
        lock (_gate)
        {
            _hardware = [.. _hardware, .. hardware];
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Stops the machine's watchdogs, for an end after which nobody would wind them up.</summary>
    /// <returns>Those that cannot be stopped, which hear from this watch as before.</returns>
    internal IReadOnlyList<IHardwareWatchdog> StopHardware()
    {
        lock (_gate)
        {
            return _hardware = Array.FindAll(_hardware, static watchdog => !watchdog.TryStop());
        }
    }

    /// <summary>
    /// Ends the watch; for a program that is not process 1 and goes on living, and for a person at a shell. A watchdog of the machine that
    /// cannot be stopped goes on hearing from it.
    /// </summary>
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
        (PowerAction Action, string Reason)? end = null;
        while (end is null)
        {
            // Outside of the lock: a driver that hangs must not stop those who give signs of life.
            foreach (IHardwareWatchdog watchdog in _hardware)
            {
                watchdog.Pet();
            }

            lock (_gate)
            {
                if (_stopped && _hardware.Length == 0)
                {
                    return;
                }

                end = EndOrWait();
            }
        }

        // The end syncs first. It gets its time even where the console takes no more characters.
        PowerAction action = end.Value.Action;
        Run(() => complain(end.Value.Reason)).Join(TimeSpan.FromSeconds(1));
        if (action != PowerAction.Reboot)
        {
            Run(() => StopHardware()).Join(TimeSpan.FromSeconds(1));
        }

        Run(() => power.Finish(action)).Join(SyncTime + EndTime);
        Run(() => power.ForceFinish(action)).Join(EndTime);

        // A driver that hangs while devices are switched off hangs both ways of powering off. A restart asks no driver.
        power.ForceFinish(PowerAction.Reboot);
    }

    // Null after a wait: until something has changed, a watchdog of the machine has to hear something, or a limit has passed.
    private (PowerAction Action, string Reason)? EndOrWait()
    {
        TimeSpan wait = Timeout.InfiniteTimeSpan;
        foreach (IHardwareWatchdog watchdog in _hardware)
        {
            wait = Shorter(wait, watchdog.Timeout / SignsInItsTime);
        }

        if (!_stopped)
        {
            TimeSpan toDeadline = _deadline - time.GetElapsedTime(_set);
            TimeSpan toStall = (_stall ?? TimeSpan.MaxValue) - time.GetElapsedTime(_lastSign);
            if (toDeadline <= TimeSpan.Zero)
            {
                return (_action, "the deadline has passed");
            }

            if (toStall <= TimeSpan.Zero)
            {
                return (_action, $"nothing has gone forward for {_stall?.TotalSeconds:0} s");
            }

            wait = Shorter(wait, Shorter(toDeadline, toStall));
        }

        Monitor.Wait(_gate, wait);
        return null;
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) =>
        one == Timeout.InfiniteTimeSpan || other < one ? other : one;
}
