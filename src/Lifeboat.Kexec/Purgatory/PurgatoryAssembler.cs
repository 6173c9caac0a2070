using Iced.Intel;
using Lifeboat.Kexec.Images;
using static Iced.Intel.AssemblerRegisters;

namespace Lifeboat.Kexec.Purgatory;

/// <summary>
/// Makes the code that runs between two kernels. It is entered identity mapped, in 64-bit mode with interrupts off,
/// at its first byte; checks every other segment against what was loaded; then starts the next kernel, or says on
/// its consoles which segment was changed and resets the machine.
/// </summary>
/// <remarks>
/// <code>
/// state of the processor: VerificationEmitter's caller can use the stack, a fault resets the machine
///   -> consoles set up as asked -> segments verified -> message -> address to return to written -> kernel entered
///                                        | mismatch
///                                        -> message -> reset
/// </code>
/// <para>
/// The instructions are chosen here, with addresses as constants, rather than assembled beforehand and patched: what is not asked
/// for is not there. Each has its reason beside it. The page tables are the old kernel's (they map all RAM one to one, the first
/// MiB and every segment), with four levels or five; nothing here depends on which.
/// </para>
/// <para>Source of the state a kernel wants: Documentation/arch/x86/boot.rst, "64-bit Boot Protocol".</para>
/// </remarks>
internal static class PurgatoryAssembler
{
    /// <summary>Purgatory's content; its memory is <see cref="PurgatoryLayout.MemorySize"/> bytes.</summary>
    internal static byte[] Assemble(PurgatoryRequest request)
    {
        byte[] code = AssembleCode(request);
        byte[] content = PurgatoryData.Build(request);
        if (code.Length > PurgatoryLayout.Exit32)
        {
            throw new InvalidOperationException($"purgatory's code of {code.Length} bytes has outgrown its room");
        }

        code.CopyTo(content, 0);
        if (request.Entry != KernelEntry.Linux64)
        {
            byte[] exit = Exit32Emitter.Assemble(request);
            if (exit.Length > PurgatoryLayout.DescriptorTable - PurgatoryLayout.Exit32)
            {
                throw new InvalidOperationException($"purgatory's 32-bit code of {exit.Length} bytes has outgrown its room");
            }

            exit.CopyTo(content, PurgatoryLayout.Exit32);
        }

        return content;
    }

    private static byte[] AssembleCode(PurgatoryRequest request)
    {
        var c = new Assembler(64);
        var consoles = new PurgatoryConsoles(c, request.Options);
        Label hashBlocks = c.CreateLabel();
        Label mismatch = c.CreateLabel();
        bool verifies = !request.Options.SkipChecks && request.Segments.Count > 0;

        ulong At(int offset) => request.Base.Value + (ulong)offset;

        if (request.JumpBackDigits is not null)
        {
            // The old kernel entered by a call: what it pushed is where it goes on. Nothing may have touched the stack yet.
            c.mov(rax, __qword_ptr[rsp]);               // the address to return to
            c.mov(rcx, At(PurgatoryLayout.JumpBack));   // our place for it
            c.mov(__qword_ptr[rcx], rax);               // kept until the segments are verified
        }

        EmitProcessorState(c, request.Entry, At);
        consoles.EmitSetup();
        if (verifies)
        {
            VerificationEmitter.Emit(c, At, request.Segments.Count, hashBlocks, mismatch);
        }

        consoles.EmitMessage(() => c.mov(rsi, At(PurgatoryLayout.Messages)));   // the first message: all is well
        if (request.JumpBackDigits is { } digits)
        {
            EmitJumpBackDigits(c, At(PurgatoryLayout.JumpBack), digits.Value);
        }

        if (request.Entry == KernelEntry.Linux64)
        {
            EmitStart64(c, request);
        }
        else
        {
            EmitLeave64(c, At(PurgatoryLayout.Exit32));
        }

        if (verifies)
        {
            c.Label(ref mismatch);
            // rbp still points at the entry of the segment that differs, which names its message.
            consoles.EmitMessage(() => c.mov(rsi, __qword_ptr[rbp + PurgatoryLayout.EntryMessage]));
            ResetEmitter.Emit(c, At(PurgatoryLayout.InterruptTablePointer));
            Sha256Emitter.EmitBlocks(c, hashBlocks);
        }

        consoles.EmitRoutines();
        using var stream = new MemoryStream();
        c.Assemble(new StreamCodeWriter(stream), request.Base.Value);
        return stream.ToArray();
    }

    /// <summary>
    /// The old kernel's descriptor tables are gone. Ours hold what the boot protocol wants; with no interrupt
    /// table, a fault in here resets the machine instead of hanging it.
    /// </summary>
    private static void EmitProcessorState(Assembler c, KernelEntry entry, Func<int, ulong> at)
    {
        Label reloaded = c.CreateLabel();
        c.cli();                                              // interrupts have no table: none may come
        c.cld();                                              // lods, stos, movs go upwards
        c.mov(rsp, at(PurgatoryLayout.MemorySize));           // our own stack, at the end of our memory
        c.mov(rax, at(PurgatoryLayout.InterruptTablePointer)); // ten zero bytes: limit 0, base 0
        c.lidt(__[rax]);                                      // any fault is now a triple fault: a reset
        c.mov(rax, at(PurgatoryLayout.DescriptorTablePointer)); // limit and base of our descriptors
        c.lgdt(__[rax]);                                      // from here on selectors mean ours
        c.mov(eax, (int)PurgatoryLayout.DataSelector);        // flat, writable data (__BOOT_DS)
        c.mov(ds, eax);                                       // reload each data segment register, so that
        c.mov(es, eax);                                       // nothing of the old descriptors is left in
        c.mov(ss, eax);                                       // the processor's hidden copies
        c.mov(fs, eax);                                       // fs and gs get base 0 by this, too:
        c.mov(gs, eax);                                       // the old kernel's per-CPU bases go
        c.lea(rax, __[reloaded]);                             // the code segment is only loaded by a far transfer:
        c.push(entry == KernelEntry.Linux64                   // its selector,
            ? PurgatoryLayout.CodeSelector                    // which is the one the kernel wants (__BOOT_CS),
            : PurgatoryLayout.Code64Selector);                // or ours, when that one is a 32-bit segment
        c.push(rax);                                          // and the offset, the next instruction
        c.db(0x48, 0xcb);                                     // retfq: the only far transfer with a 64-bit target
        c.Label(ref reloaded);
    }

    /// <summary>
    /// Writes the address to return to over the zeros at the end of the command line, after it was verified as loaded.
    /// </summary>
    private static void EmitJumpBackDigits(Assembler c, ulong address, ulong digits)
    {
        Label next = c.CreateLabel();
        Label write = c.CreateLabel();
        c.mov(rax, address);            // where it was kept
        c.mov(rdx, __qword_ptr[rax]);   // the address
        c.mov(rdi, digits);             // its 16 places on the command line
        c.mov(ecx, 16);                 // a digit each round
        c.Label(ref next);
        c.rol(rdx, 4);                  // the highest digit comes lowest
        c.mov(eax, edx);                // a copy to take it out of
        c.and(eax, 15);                 // the digit's value
        c.add(al, (sbyte)'0');          // as a character, right for 0 to 9
        c.cmp(al, (sbyte)'9');          // beyond that
        c.jbe(write);                   // letters follow
        c.add(al, 'a' - '0' - 10);      // 'a' stands for ten
        c.Label(ref write);
        c.stosb();                      // written, and on to the next place
        c.dec(ecx);                     // one digit less to do
        c.jne(next);                    // until all 16 are
    }

    /// <summary>
    /// Every register zero but rsi and the stack; the jump's target lies in memory, as no register is free. Paging stays as it is,
    /// with five levels where the old kernel had five: the plan has made sure that the kernel copes.
    /// </summary>
    private static void EmitStart64(Assembler c, PurgatoryRequest request)
    {
        Label entry = c.CreateLabel();
        c.push(2);                                // flags: only the bit that is always one
        c.popfq();                                // no trap, no direction, interrupts off
        foreach (AssemblerRegister32 register in (AssemblerRegister32[])
                 [eax, ebx, ecx, edx, edi, ebp, r8d, r9d, r10d, r11d, r12d, r13d, r14d, r15d])
        {
            c.mov(register, 0);                   // clears the upper half as well; mov leaves the flags alone
        }

        c.mov(rsi, request.BootParameters.Value); // what the 64-bit protocol hands over: boot_params
        c.jmp(__qword_ptr[entry]);                // the target is read relative to rip
        c.Label(ref entry);
        c.dq(request.KernelEntry.Value);          // startup_64
    }

    /// <summary>Goes to a 32-bit code segment, still paged: compatibility mode.</summary>
    private static void EmitLeave64(Assembler c, ulong exit)
    {
        c.mov(rax, exit);                    // below 4 GiB, so that eip can hold it
        c.push(PurgatoryLayout.CodeSelector); // here a 32-bit code segment
        c.push(rax);                         // the offset in it, whose base is 0
        c.db(0x48, 0xcb);                    // retfq: loads both; the next instruction is decoded as 32-bit code
    }
}
