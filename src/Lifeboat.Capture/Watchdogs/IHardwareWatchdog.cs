namespace Lifeboat.Capture.Watchdogs;

/// <summary>
/// A watchdog of the machine, running: it resets the machine when it hears nothing for <see cref="Timeout"/>. The seam through which a test
/// stands in for one.
/// </summary>
internal interface IHardwareWatchdog
{
    /// <summary>What it calls itself.</summary>
    string Name { get; }

    /// <summary>How long it waits.</summary>
    TimeSpan Timeout { get; }

    /// <summary>Lets it hear something; never fails: one that cannot be told resets the machine, which is what it is for.</summary>
    void Pet();

    /// <summary>Stops it; gives false, and goes on, where it cannot be stopped.</summary>
    bool TryStop();
}
