namespace Lifeboat.Capture.Init;

/// <summary>Ends the machine's run. The seam through which a test sees that an end was reached.</summary>
public interface IMachinePower
{
    /// <summary>Ends it in order, after a sync; on a machine this does not return unless the kernel refuses.</summary>
    void Finish(PowerAction action);

    /// <summary>Ends it at once, without asking drivers, when <see cref="Finish"/> hangs.</summary>
    void ForceFinish(PowerAction action);
}
