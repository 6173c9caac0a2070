using Iced.Intel;

namespace Lifeboat.Kexec.Purgatory;

/// <summary>Where purgatory writes to, as its options say; nothing is emitted for a console that is not wanted.</summary>
internal sealed class PurgatoryConsoles(Assembler c, PurgatoryOptions options)
{
    private Label _printSerial = c.CreateLabel();
    private Label _printVga = c.CreateLabel();

    /// <summary>Sets the devices up.</summary>
    internal void EmitSetup()
    {
        if (options.ResetVga)
        {
            VgaEmitter.EmitReset(c);
        }

        if (options.Serial is { Baud: { } baud } port)
        {
            SerialEmitter.EmitRate(c, port.Port, baud);
        }
    }

    /// <summary>Writes a message to each console.</summary>
    /// <param name="load">Emits what puts the message's address into rsi; may rely on rbp.</param>
    internal void EmitMessage(Action load)
    {
        if (options.Serial is not null)
        {
            load();
            c.call(_printSerial); // uses rax, rbx, rcx, rdx, rsi
        }

        if (options.VgaConsole)
        {
            load();
            c.call(_printVga);    // uses rax, rcx, rsi, rdi
        }
    }

    /// <summary>The routines that messages call.</summary>
    internal void EmitRoutines()
    {
        if (options.Serial is { } port)
        {
            SerialEmitter.EmitPrint(c, _printSerial, port.Port);
        }

        if (options.VgaConsole)
        {
            VgaEmitter.EmitPrint(c, _printVga);
        }
    }
}
