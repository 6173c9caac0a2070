using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Lifeboat.Kexec.Purgatory;

/// <summary>Emits what puts a VGA card into its text mode, and writes to it.</summary>
/// <remarks>
/// <para>Source of the registers' values: what the VGA BIOS sets for mode 3 (80 by 25 characters, 16 colours), IBM PS/2 Hardware
/// Interface Technical Reference. The font is in the card's memory; a driver that has overwritten it leaves no legible text.</para>
/// </remarks>
internal static class VgaEmitter
{
    private const int SequencerPort = 0x3c4;
    private const int GraphicsPort = 0x3ce;
    private const int CrtPort = 0x3d4;
    private const int AttributePort = 0x3c0;
    private const int AttributeResetPort = 0x3da;

    private const ulong TextMemory = 0xb8000;
    private const int Columns = 80;
    private const int FirstRow = 23;
    private const int Cells = 2 * Columns;
    private const short LightGrey = 0x0700;

    private static ReadOnlySpan<byte> Sequencer => [0x03, 0x00, 0x03, 0x00, 0x02];

    private static ReadOnlySpan<byte> Crt =>
    [
        0x5f, 0x4f, 0x50, 0x82, 0x55, 0x81, 0xbf, 0x1f, 0x00, 0x4f, 0x0d, 0x0e, 0x00, 0x00, 0x00, 0x00,
        0x9c, 0x8e, 0x8f, 0x28, 0x1f, 0x96, 0xb9, 0xa3, 0xff,
    ];

    private static ReadOnlySpan<byte> Graphics => [0x00, 0x00, 0x00, 0x00, 0x00, 0x10, 0x0e, 0x00, 0xff];

    private static ReadOnlySpan<byte> Attributes =>
    [
        0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x14, 0x07, 0x38, 0x39, 0x3a, 0x3b, 0x3c, 0x3d, 0x3e, 0x3f,
        0x0c, 0x00, 0x0f, 0x08, 0x00,
    ];

    /// <summary>Sets mode 3. Uses rax, rdx.</summary>
    internal static void EmitReset(Assembler c)
    {
        EmitIndexed(c, SequencerPort, 0, 0x01);             // the sequencer stops while it is changed
        for (int i = 1; i < Sequencer.Length; i++)
        {
            EmitIndexed(c, SequencerPort, i, Sequencer[i]); // clocking, planes, fonts, memory
        }

        EmitIndexed(c, SequencerPort, 0, Sequencer[0]);     // and runs again
        EmitIndexed(c, CrtPort, 0x11, 0x0e);                // registers 0 to 7 are locked by bit 7 of this one
        for (int i = 0; i < Crt.Length; i++)
        {
            EmitIndexed(c, CrtPort, i, Crt[i]);             // timing, cursor, start of the picture; 0x11 locks again
        }

        for (int i = 0; i < Graphics.Length; i++)
        {
            EmitIndexed(c, GraphicsPort, i, Graphics[i]);   // how memory is read and written
        }

        // The attribute controller has one port for index and value in turn.
        c.mov(dx, AttributeResetPort);                      // reading this one
        c.@in(al, dx);                                      // makes the next write an index
        c.mov(dx, AttributePort);
        for (int i = 0; i < Attributes.Length; i++)
        {
            c.mov(al, (sbyte)i);                            // the index; bit 5 clear: the palette may be written
            c.@out(dx, al);
            c.mov(al, unchecked((sbyte)Attributes[i]));     // colours, mode, planes
            c.@out(dx, al);
        }

        c.mov(al, 0x20);                                    // bit 5 set: the picture comes back
        c.@out(dx, al);
    }

    /// <summary>
    /// A routine: writes the NUL-terminated text at rsi over the last two rows of the screen, as far as it fits. Uses rax, rcx, rsi,
    /// rdi. The old kernel's page tables map the first MiB.
    /// </summary>
    internal static void EmitPrint(Assembler c, Label routine)
    {
        Label next = c.CreateLabel();
        Label done = c.CreateLabel();
        Label clear = c.CreateLabel();

        c.Label(ref routine);
        c.mov(rdi, TextMemory + (2 * FirstRow * Columns));  // two bytes a character, row by row
        c.mov(ecx, Cells);                                  // what the two rows take
        c.Label(ref next);
        c.lodsb();                                          // the next character into al
        c.cmp(al, (sbyte)' ');                              // a NUL, or the line's end:
        c.jb(clear);                                        // the text is done
        c.mov(ah, (sbyte)(LightGrey >> 8));                 // its colour, in the high byte
        c.stosw();                                          // on the screen
        c.dec(ecx);                                         // a place less
        c.jne(next);                                        // while there are places
        c.jmp(done);                                        // none is left to clear
        c.Label(ref clear);
        c.mov(ax, LightGrey | ' ');                         // what stood there before is not ours
        c.rep.stosw();                                      // and is cleared to the last row's end
        c.Label(ref done);
        c.ret();
    }

    /// <summary>An index and its value go to two neighbouring ports: one write of two bytes.</summary>
    private static void EmitIndexed(Assembler c, int port, int index, byte value)
    {
        c.mov(dx, (short)port);                             // the index's port
        c.mov(ax, unchecked((short)((value << 8) | index))); // the value in the high byte
        c.@out(dx, ax);                                     // goes to the port after it
    }
}
