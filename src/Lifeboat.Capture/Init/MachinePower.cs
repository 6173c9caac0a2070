using Lifeboat.Capture.Interop;

namespace Lifeboat.Capture.Init;

/// <summary>Ends the machine's run by reboot(2), and by sysrq where that hangs.</summary>
public sealed class MachinePower : IMachinePower
{
    // linux/reboot.h
    private const int CommandRestart = 0x01234567;
    private const int CommandHalt = unchecked((int)0xCDEF0123);
    private const int CommandPowerOff = 0x4321FEDC;

    /// <inheritdoc/>
    public void Finish(PowerAction action)
    {
        LibC.Sync();
        Reboot(action);
    }

    /// <inheritdoc/>
    public void ForceFinish(PowerAction action)
    {
        // The boot of sysrq asks no driver; for the others there is no such short way.
        try
        {
            File.WriteAllText("/proc/sysrq-trigger", action == PowerAction.PowerOff ? "o" : "b");
        }
        catch (IOException)
        {
            // Without /proc or sysrq the call is all that is left.
        }
        catch (UnauthorizedAccessException)
        {
            // As above.
        }

        Reboot(action);
    }

    private static void Reboot(PowerAction action)
    {
        _ = LibC.Reboot(action switch
        {
            PowerAction.Reboot => CommandRestart,
            PowerAction.Halt => CommandHalt,
            _ => CommandPowerOff,
        });

        // A machine that cannot be switched off is started again: better than one that stands still.
        _ = LibC.Reboot(CommandRestart);
    }
}
