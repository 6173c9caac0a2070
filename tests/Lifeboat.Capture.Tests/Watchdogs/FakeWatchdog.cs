using Lifeboat.Capture.Watchdogs;

namespace Lifeboat.Capture.Tests.Watchdogs;

/// <summary>A watchdog of a machine that is never reset; when the test is over it waits for ever.</summary>
internal sealed class FakeWatchdog(bool canStop = true) : IHardwareWatchdog, IDisposable
{
    private readonly object _gate = new();
    private int _signs;

    public string Name => "a fake";

    public TimeSpan Timeout { get; private set; } = TimeSpan.FromMilliseconds(3);

    public bool IsStopped { get; private set; }

    public int Signs
    {
        get
        {
            lock (_gate)
            {
                return _signs;
            }
        }
    }

    public void Pet()
    {
        lock (_gate)
        {
            _signs++;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits until it hears something; false when it does not in a minute.</summary>
    public bool WaitForSign()
    {
        lock (_gate)
        {
            return Monitor.Wait(_gate, TimeSpan.FromMinutes(1));
        }
    }

    public bool TryStop() => IsStopped = canStop;

    public void Dispose() => Timeout = TimeSpan.FromDays(1);
}
