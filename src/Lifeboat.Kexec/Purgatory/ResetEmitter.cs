using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Lifeboat.Kexec.Purgatory;

/// <summary>Emits the way out that needs no kernel: a reset.</summary>
internal static class ResetEmitter
{
    private const int ResetControl = 0xcf9;
    private const byte KeyboardCommand = 0x64;
    private const byte KeyboardBusy = 0x02;
    private const byte KeyboardPulseReset = 0xfe;
    private const int PortTries = 0x40000;
    private const int ResetPause = 0x100000;

    /// <summary>
    /// Resets the machine, and does not come back: the chipset's reset register, then the keyboard controller, then a
    /// fault that nothing can handle.
    /// </summary>
    internal static void Emit(Assembler c, ulong emptyInterruptTable)
    {
        Label wait = c.CreateLabel();
        Label pulse = c.CreateLabel();
        Label forever = c.CreateLabel();

        c.mov(dx, ResetControl);        // the chipset's reset register, on nearly every PC since PCI
        c.mov(al, 0x02);                // a hard reset is meant,
        c.@out(dx, al);                 // not carried out yet
        EmitPause(c);                   // the chipset takes its time
        c.mov(al, 0x0e);                // with the power cycled, now:
        c.@out(dx, al);                 // the rising bit 2 does it
        EmitPause(c);                   // if it works, this does not end

        c.mov(ecx, PortTries);          // the keyboard controller, which also pulls the reset line
        c.Label(ref wait);
        c.@in(al, KeyboardCommand);     // its status
        c.test(al, KeyboardBusy);       // does it still work on a command?
        c.je(pulse);                    // it does not
        c.dec(ecx);                     // otherwise ask again,
        c.jne(wait);                    // so often
        c.Label(ref pulse);
        c.mov(al, KeyboardPulseReset);  // pulse the line that is the processor's reset
        c.@out(KeyboardCommand, al);    // done
        EmitPause(c);                   // if it works, this does not end

        c.mov(rax, emptyInterruptTable); // limit 0, base 0 (as loaded at the start; cheap to be sure)
        c.lidt(__[rax]);                // with no table
        c.int3();                       // an exception cannot be delivered, nor can that: the processor shuts down
        c.Label(ref forever);
        c.hlt();                        // nothing has helped: wait
        c.jmp(forever);                 // for someone to press the button
    }

    private static void EmitPause(Assembler c)
    {
        Label again = c.CreateLabel();
        c.mov(ecx, ResetPause);         // about a million
        c.Label(ref again);
        c.dec(ecx);                     // rounds
        c.jne(again);                   // of nothing
    }
}
