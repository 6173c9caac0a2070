using System.Buffers.Binary;
using System.Text;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Lifeboat.Machine.Tests.Loading;

/// <summary>
/// A kernel of a few instructions: says on the serial line what it was started with (its command line, its first module's
/// and what that begins with), and powers a PC of QEMU's off.
/// </summary>
internal static class MultibootKernel
{
    private const int Base = 0x100000;
    private const int HeaderOffset = 0x40;
    private const int CodeOffset = 0x100;
    private const int TextOffset = 0x400;
    private const int FileSize = 0x800;
    private const int MemorySize = 0x4000;

    /// <summary>What it says first, when the loader has told it the right magic number.</summary>
    internal const string Greeting = "multiboot kernel runs";

    /// <summary>For version 1 of the specification.</summary>
    internal static byte[] Version1()
    {
        byte[] file = Start(0x2badb002, EmitVersion1);
        const uint Flags = 0x10003; // modules on pages, memory map, addresses follow
        Words(
            file, HeaderOffset, 0x1badb002, Flags, unchecked(0 - 0x1badb002u - Flags),
            Base + HeaderOffset, Base, Base + FileSize, Base + MemorySize, Base + CodeOffset);
        return file;
    }

    /// <summary>For version 2.</summary>
    internal static byte[] Version2()
    {
        byte[] file = Start(0x36d76289, EmitVersion2);
        const uint Length = 16 + 24 + 16 + 8;
        Words(
            file, HeaderOffset, 0xe85250d6, 0, Length, unchecked(0 - 0xe85250d6u - Length),
            2, 24, Base + HeaderOffset, Base, Base + FileSize, Base + MemorySize, // addresses
            3, 12, Base + CodeOffset, 0,                                         // entry, padded
            0, 8);
        return file;
    }

    private static byte[] Start(uint magic, Action<Assembler, Label, Label> emit)
    {
        byte[] file = new byte[FileSize];
        var c = new Assembler(32);
        Label print = c.CreateLabel();
        Label end = c.CreateLabel();
        c.mov(esp, Base + MemorySize);
        c.cmp(eax, unchecked((int)magic));
        c.jne(end);
        c.mov(esi, Base + TextOffset);
        c.call(print);
        emit(c, print, end);
        c.Label(ref end);
        c.mov(edx, 0x604);          // the power management of QEMU's PC
        c.mov(eax, 0x2000);         // S5
        c.@out(dx, ax);
        c.hlt();
        c.jmp(end);
        EmitPrint(c, print);
        using var code = new MemoryStream();
        c.Assemble(new StreamCodeWriter(code), Base + CodeOffset);
        code.ToArray().CopyTo(file, CodeOffset);
        Encoding.ASCII.GetBytes($"\r\n{Greeting}\r\n\0").CopyTo(file, TextOffset);
        return file;
    }

    // multiboot_info: command line at 16, modules at 24, each with start, end and line.
    private static void EmitVersion1(Assembler c, Label print, Label end)
    {
        c.mov(esi, __dword_ptr[ebx + 16]);
        c.call(print);
        c.mov(ebp, __dword_ptr[ebx + 24]);
        c.mov(esi, __dword_ptr[ebp + 8]);
        c.call(print);
        c.mov(esi, __dword_ptr[ebp]);
        c.call(print);
    }

    // Tags from 8 on: type, size; 1 has the command line, 3 a module: start, end, line. The last has type 0.
    private static void EmitVersion2(Assembler c, Label print, Label end)
    {
        Label next = c.CreateLabel();
        Label notLine = c.CreateLabel();
        Label skip = c.CreateLabel();
        c.lea(ebp, __[ebx + 8]);
        c.Label(ref next);
        c.mov(eax, __dword_ptr[ebp]);
        c.cmp(eax, 0);
        c.je(end);
        c.cmp(eax, 1);
        c.jne(notLine);
        c.lea(esi, __[ebp + 8]);
        c.call(print);
        c.Label(ref notLine);
        c.cmp(__dword_ptr[ebp], 3);
        c.jne(skip);
        c.lea(esi, __[ebp + 16]);
        c.call(print);
        c.mov(esi, __dword_ptr[ebp + 8]);
        c.call(print);
        c.Label(ref skip);
        c.mov(eax, __dword_ptr[ebp + 4]);
        c.add(eax, 7);
        c.and(eax, -8);
        c.add(ebp, eax);
        c.jmp(next);
    }

    // Prints the text at esi up to its NUL, and a line end.
    private static void EmitPrint(Assembler c, Label print)
    {
        Label wait = c.CreateLabel();
        Label done = c.CreateLabel();
        Label put = c.CreateLabel();
        c.Label(ref print);
        c.mov(cl, __byte_ptr[esi]);
        c.inc(esi);
        c.cmp(cl, 0);
        c.je(done);
        c.call(put);
        c.jmp(print);
        c.Label(ref done);
        c.mov(cl, (byte)'\n');
        c.Label(ref put);
        c.mov(edx, 0x3fd);
        c.Label(ref wait);
        c.@in(al, dx);
        c.test(al, 0x20);
        c.je(wait);
        c.mov(edx, 0x3f8);
        c.mov(al, cl);
        c.@out(dx, al);
        c.ret();
    }

    private static void Words(byte[] file, int offset, params ReadOnlySpan<uint> words)
    {
        foreach (uint word in words)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(offset), word);
            offset += sizeof(uint);
        }
    }
}
