using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Lifeboat.Kexec.Purgatory;

/// <summary>
/// Makes the code that runs between two kernels. It is entered identity mapped, in 64-bit mode with interrupts off,
/// at its first byte; checks every other segment against what was loaded; then starts the capture kernel, or says on
/// the serial console which segment was changed and resets the machine.
/// </summary>
/// <remarks>
/// <para>
/// The content of a segment, up to a whole page, is checked by SHA-256. What follows it (mostly the room the kernel
/// unpacks into, several times its content) was zeroed at loading and is compared with zero, which notices any change
/// as surely in a small part of the time.
/// </para>
/// <para>Source of the state a kernel wants: Documentation/arch/x86/boot.rst, "64-bit Boot Protocol".</para>
/// </remarks>
internal static class PurgatoryAssembler
{
    internal const short CodeSelector = 0x10;
    internal const short DataSelector = 0x18;

    /// <summary>Purgatory's content; its memory is <see cref="PurgatoryLayout.MemorySize"/> bytes.</summary>
    internal static byte[] Assemble(PurgatoryRequest request)
    {
        byte[] code = AssembleCode(request);
        byte[] content = PurgatoryData.Build(request);
        if (code.Length > PurgatoryLayout.DescriptorTable)
        {
            throw new InvalidOperationException($"purgatory's code of {code.Length} bytes has outgrown its room");
        }

        code.CopyTo(content, 0);
        return content;
    }

    private static byte[] AssembleCode(PurgatoryRequest request)
    {
        var c = new Assembler(64);
        Label hashBlocks = c.CreateLabel();
        Label print = c.CreateLabel();
        Label mismatch = c.CreateLabel();

        ulong At(int offset) => request.Base.Value + (ulong)offset;

        EmitProcessorState(c, At);
        EmitVerification(c, At, request.Segments.Count, hashBlocks, mismatch);
        c.mov(rsi, At(PurgatoryLayout.Messages));
        c.call(print);
        EmitStart(c, request);

        c.Label(ref mismatch);
        c.mov(rsi, __qword_ptr[rbp + PurgatoryLayout.EntryMessage]);
        c.call(print);
        ConsoleEmitter.EmitReset(c, At(PurgatoryLayout.InterruptTablePointer));

        ConsoleEmitter.EmitPrint(c, print);
        Sha256Emitter.EmitBlocks(c, hashBlocks);

        using var stream = new MemoryStream();
        c.Assemble(new StreamCodeWriter(stream), request.Base.Value);
        return stream.ToArray();
    }

    /// <summary>
    /// The crashed kernel's descriptor tables are gone. Ours hold what the boot protocol wants; with no interrupt
    /// table, a fault in here resets the machine instead of hanging it.
    /// </summary>
    private static void EmitProcessorState(Assembler c, Func<int, ulong> at)
    {
        Label reloaded = c.CreateLabel();
        c.cli();
        c.cld();
        c.mov(rsp, at(PurgatoryLayout.MemorySize));
        c.mov(rax, at(PurgatoryLayout.InterruptTablePointer));
        c.lidt(__[rax]);
        c.mov(rax, at(PurgatoryLayout.DescriptorTablePointer));
        c.lgdt(__[rax]);
        c.mov(eax, (int)DataSelector);
        c.mov(ds, eax);
        c.mov(es, eax);
        c.mov(ss, eax);
        c.mov(fs, eax);
        c.mov(gs, eax);
        c.lea(rax, __[reloaded]);
        c.push(CodeSelector);
        c.push(rax);
        c.db(0x48, 0xcb); // retfq: the only far transfer that takes a 64-bit target off the stack
        c.Label(ref reloaded);
    }

    private static void EmitVerification(
        Assembler c, Func<int, ulong> at, int segments, Label hashBlocks, Label mismatch)
    {
        Label next = c.CreateLabel();
        Label zeros = c.CreateLabel();
        Label matched = c.CreateLabel();
        Label done = c.CreateLabel();

        c.mov(rbp, at(PurgatoryLayout.SegmentTable));
        c.mov(r15, at(PurgatoryLayout.State));
        c.Label(ref next);
        c.mov(rax, at(PurgatoryLayout.SegmentTable + (segments * PurgatoryLayout.EntrySize)));
        c.cmp(rbp, rax);
        c.je(done);

        c.mov(rsi, at(PurgatoryLayout.InitialState));
        c.mov(rdi, r15);
        c.mov(ecx, 4);
        c.rep.movsq();
        c.mov(rdi, __qword_ptr[rbp + PurgatoryLayout.EntryStart]);
        c.mov(rsi, __qword_ptr[rbp + PurgatoryLayout.EntryHashedEnd]);
        c.call(hashBlocks);
        c.lea(rdi, __[rbp + PurgatoryLayout.EntryPadding]);
        c.lea(rsi, __[rdi + 64]);
        c.call(hashBlocks);
        for (int word = 0; word < 4; word++)
        {
            c.mov(rax, __qword_ptr[r15 + (8 * word)]);
            c.cmp(rax, __qword_ptr[rbp + PurgatoryLayout.EntryDigest + (8 * word)]);
            c.jne(mismatch);
        }

        c.mov(rdi, __qword_ptr[rbp + PurgatoryLayout.EntryHashedEnd]);
        c.mov(rsi, __qword_ptr[rbp + PurgatoryLayout.EntryEnd]);
        c.Label(ref zeros);
        c.cmp(rdi, rsi);
        c.je(matched);
        c.mov(rax, __qword_ptr[rdi]);
        for (int word = 1; word < 8; word++)
        {
            c.or(rax, __qword_ptr[rdi + (8 * word)]);
        }

        c.add(rdi, 64);
        c.test(rax, rax);
        c.je(zeros);
        c.jmp(mismatch);

        c.Label(ref matched);
        c.add(rbp, PurgatoryLayout.EntrySize);
        c.jmp(next);
        c.Label(ref done);
    }

    /// <summary>Every register zero but rsi and the stack; the jump's target lies in memory, as no register is free.</summary>
    private static void EmitStart(Assembler c, PurgatoryRequest request)
    {
        Label entry = c.CreateLabel();
        c.push(2);
        c.popfq();
        foreach (AssemblerRegister32 register in (AssemblerRegister32[])
                 [eax, ebx, ecx, edx, edi, ebp, r8d, r9d, r10d, r11d, r12d, r13d, r14d, r15d])
        {
            c.mov(register, 0);
        }

        c.mov(rsi, request.BootParameters.Value);
        c.jmp(__qword_ptr[entry]);
        c.Label(ref entry);
        c.dq(request.KernelEntry.Value);
    }
}
