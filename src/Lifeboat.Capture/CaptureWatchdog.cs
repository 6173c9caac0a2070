using Lifeboat.Capture.Init;

namespace Lifeboat.Capture;

/// <summary>
/// Ends the machine's run when the deadline passes, whatever the rest of the program hangs in.
/// </summary>
/// <remarks>
/// Every step that could itself hang runs on a thread of its own and is given a few seconds: first a line on the console
/// and a sync, then the orderly end, then the forced one.
/// <para><b>Thread safety.</b> Safe.</para>
/// </remarks>
internal sealed class CaptureWatchdog(IMachinePower power, Action<string> complain)
{
    private const int StackBytes = 256 << 10;
    private static readonly TimeSpan SyncTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan EndTime = TimeSpan.FromSeconds(20);

    private readonly object _gate = new();
    private bool _changed;
    private TimeSpan _remaining;
    private PowerAction _action;
    private bool _stopped;

    /// <summary>Starts the watch.</summary>
    internal void Start(TimeSpan deadline, PowerAction action)
    {
        (_remaining, _action) = (deadline, action);
        Run(Watch);
    }

    /// <summary>Sets another deadline, counted from now, and another action.</summary>
    internal void Change(TimeSpan deadline, PowerAction action)
    {
        lock (_gate)
        {
            (_remaining, _action, _changed) = (deadline, action, true);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Ends the watch; only for a program that is not process 1 and goes on living.</summary>
    internal void Stop()
    {
        lock (_gate)
        {
            (_stopped, _changed) = (true, true);
            Monitor.Pulse(_gate);
        }
    }

    private static Thread Run(Action action)
    {
        var thread = new Thread(() => action(), StackBytes) { IsBackground = true };
        thread.Start();
        return thread;
    }

    private void Watch()
    {
        PowerAction action;
        lock (_gate)
        {
            do
            {
                if (_stopped)
                {
                    return;
                }

                _changed = false;
                Monitor.Wait(_gate, _remaining);
            }
            while (_changed);
            action = _action;
        }

        // The end syncs first. It gets its time even where the console takes no more characters.
        Run(() => complain("the deadline has passed")).Join(TimeSpan.FromSeconds(1));
        Run(() => power.Finish(action)).Join(SyncTime + EndTime);
        Run(() => power.ForceFinish(action)).Join(EndTime);

        // A driver that hangs while devices are switched off hangs both ways of powering off. A restart asks no driver.
        power.ForceFinish(PowerAction.Reboot);
    }
}
