using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Lifeboat.Kexec.Purgatory;

/// <summary>Emits the two ways out that need no kernel: a message on the first serial port, and a reset.</summary>
internal static class ConsoleEmitter
{
    internal const ushort SerialData = 0x3f8;
    internal const ushort SerialLineStatus = 0x3fd;
    internal const byte TransmitterReady = 0x20;
    internal const byte TransmitterEmpty = 0x40;
    internal const ushort ResetControl = 0xcf9;
    internal const byte KeyboardCommand = 0x64;
    internal const byte KeyboardBusy = 0x02;
    internal const byte KeyboardPulseReset = 0xfe;

    /// <summary>
    /// How often a status is read before the device is given up. A port takes about a microsecond, a character at
    /// 9,600 baud one millisecond, so a stuck transmitter costs a fraction of a second and a slow one loses nothing.
    /// </summary>
    private const int PortTries = 0x40000;

    private const int ResetPause = 0x100000;

    /// <summary>
    /// A routine: writes the NUL-terminated text at rsi. A transmitter that never gets ready ends it; a port that is
    /// not there reads as ones, which is ready. Uses rax, rbx, rcx, rdx, rsi.
    /// </summary>
    internal static void EmitPrint(Assembler c, Label routine)
    {
        Label wait = c.CreateLabel();
        Label ready = c.CreateLabel();
        Label drain = c.CreateLabel();
        Label draining = c.CreateLabel();
        Label done = c.CreateLabel();

        c.Label(ref routine);
        c.lodsb();
        c.test(al, al);
        c.je(drain);
        c.mov(bl, al);
        c.mov(ecx, PortTries);
        c.mov(dx, (short)SerialLineStatus);
        c.Label(ref wait);
        c.@in(al, dx);
        c.test(al, TransmitterReady);
        c.jne(ready);
        c.dec(ecx);
        c.jne(wait);
        c.jmp(done);

        c.Label(ref ready);
        c.mov(dx, (short)SerialData);
        c.mov(al, bl);
        c.@out(dx, al);
        c.jmp(routine);

        // The last characters are in the port's buffer, which a reset would clear.
        c.Label(ref drain);
        c.mov(ecx, PortTries);
        c.mov(dx, (short)SerialLineStatus);
        c.Label(ref draining);
        c.@in(al, dx);
        c.test(al, TransmitterEmpty);
        c.jne(done);
        c.dec(ecx);
        c.jne(draining);
        c.Label(ref done);
        c.ret();
    }

    /// <summary>
    /// Resets the machine, and does not come back: the chipset's reset register, then the keyboard controller, then a
    /// fault that nothing can handle.
    /// </summary>
    internal static void EmitReset(Assembler c, ulong emptyInterruptTable)
    {
        Label wait = c.CreateLabel();
        Label pulse = c.CreateLabel();
        Label forever = c.CreateLabel();

        c.mov(dx, (short)ResetControl);
        c.mov(al, 0x02);
        c.@out(dx, al);
        EmitPause(c);
        c.mov(al, 0x0e);
        c.@out(dx, al);
        EmitPause(c);

        c.mov(ecx, PortTries);
        c.Label(ref wait);
        c.@in(al, KeyboardCommand);
        c.test(al, KeyboardBusy);
        c.je(pulse);
        c.dec(ecx);
        c.jne(wait);
        c.Label(ref pulse);
        c.mov(al, KeyboardPulseReset);
        c.@out(KeyboardCommand, al);
        EmitPause(c);

        c.mov(rax, emptyInterruptTable);
        c.lidt(__[rax]);
        c.int3();
        c.Label(ref forever);
        c.hlt();
        c.jmp(forever);
    }

    private static void EmitPause(Assembler c)
    {
        Label again = c.CreateLabel();
        c.mov(ecx, ResetPause);
        c.Label(ref again);
        c.dec(ecx);
        c.jne(again);
    }
}
