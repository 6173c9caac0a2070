using Lifeboat.Capture.Init;

namespace Lifeboat.Capture.Tests;

/// <summary>A machine whose end is only noted.</summary>
internal sealed class FakePower : IMachinePower, IDisposable
{
    public ManualResetEventSlim Finished { get; } = new();

    public ManualResetEventSlim Forced { get; } = new();

    public PowerAction? Action { get; private set; }

    public void Finish(PowerAction action)
    {
        Action ??= action;
        Finished.Set();
    }

    public void ForceFinish(PowerAction action) => Forced.Set();

    public void Dispose()
    {
        Finished.Dispose();
        Forced.Dispose();
    }
}
