using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Lifeboat.Kexec.Purgatory;

/// <summary>Emits what writes to a serial port (8250 and compatible).</summary>
internal static class SerialEmitter
{
    /// <summary>How often a second the port's clock, divided by 16, counts: the highest rate.</summary>
    internal const int ClockRate = 115200;

    /// <summary>Registers, from the port's first; the first two are the divisor while DLAB is set.</summary>
    private const int Data = 0;
    private const int InterruptEnable = 1;
    private const int FifoControl = 2;
    private const int LineControl = 3;
    private const int ModemControl = 4;
    private const int LineStatus = 5;

    private const int EightBitsNoParity = 0x03;
    private const int DivisorAccess = 0x80;
    private const int ReadyAndRequest = 0x03;
    private const int TransmitterReady = 0x20;
    private const int TransmitterEmpty = 0x40;

    /// <summary>
    /// How often a status is read before the device is given up. A port takes about a microsecond, a character at
    /// 9,600 baud one millisecond, so a stuck transmitter costs a fraction of a second and a slow one loses nothing.
    /// </summary>
    private const int PortTries = 0x40000;

    /// <summary>Sets the rate, eight bits without parity, without interrupts.</summary>
    internal static void EmitRate(Assembler c, ushort port, int baud)
    {
        int divisor = ClockRate / baud;
        EmitOut(c, port + InterruptEnable, 0);                          // nobody would take an interrupt
        EmitOut(c, port + LineControl, DivisorAccess | EightBitsNoParity); // the first two registers are the divisor:
        EmitOut(c, port + Data, divisor & 0xff);                        // its low byte
        EmitOut(c, port + InterruptEnable, divisor >> 8);               // its high byte
        EmitOut(c, port + LineControl, EightBitsNoParity);              // and data again
        EmitOut(c, port + FifoControl, 0);                              // a character at a time
        EmitOut(c, port + ModemControl, ReadyAndRequest);               // DTR and RTS: the other end may listen
    }

    /// <summary>
    /// A routine: writes the NUL-terminated text at rsi. A transmitter that never gets ready ends it; a port that is
    /// not there reads as ones, which is ready. Uses rax, rbx, rcx, rdx, rsi.
    /// </summary>
    internal static void EmitPrint(Assembler c, Label routine, ushort port)
    {
        Label wait = c.CreateLabel();
        Label ready = c.CreateLabel();
        Label drain = c.CreateLabel();
        Label draining = c.CreateLabel();
        Label done = c.CreateLabel();

        c.Label(ref routine);
        c.lodsb();                          // the next character into al
        c.test(al, al);                     // a NUL ends the text,
        c.je(drain);                        // but not yet its way out
        c.mov(bl, al);                      // al is needed for the status
        c.mov(ecx, PortTries);              // how long to wait
        EmitPort(c, port + LineStatus);     // where the port says how it is
        c.Label(ref wait);
        c.@in(al, dx);                      // its status
        c.test(al, (sbyte)TransmitterReady); // can it take a character?
        c.jne(ready);                       // it can
        c.dec(ecx);                         // otherwise ask again,
        c.jne(wait);                        // so often
        c.jmp(done);                        // and then do without the message

        c.Label(ref ready);
        EmitPort(c, port + Data);           // where characters go
        c.mov(al, bl);                      // the one that was kept
        c.@out(dx, al);                     // on its way
        c.jmp(routine);                     // and the next

        // The last characters are in the port's buffer, which a reset would clear.
        c.Label(ref drain);
        c.mov(ecx, PortTries);              // the same patience
        EmitPort(c, port + LineStatus);     // the same register
        c.Label(ref draining);
        c.@in(al, dx);                      // its status
        c.test(al, (sbyte)TransmitterEmpty); // is the last one out?
        c.jne(done);                        // it is
        c.dec(ecx);                         // otherwise ask again,
        c.jne(draining);                    // so often
        c.Label(ref done);
        c.ret();
    }

    private static void EmitPort(Assembler c, int port) => c.mov(dx, unchecked((short)(ushort)port));

    private static void EmitOut(Assembler c, int port, int value)
    {
        EmitPort(c, port);              // a port above 0xff is named by dx only
        c.mov(al, unchecked((sbyte)value)); // the byte
        c.@out(dx, al);                 // written
    }
}
