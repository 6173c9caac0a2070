using Iced.Intel;
using Lifeboat.Core.Hashing;
using static Iced.Intel.AssemblerRegisters;

namespace Lifeboat.Kexec.Purgatory;

/// <summary>
/// Emits SHA-256's compression over whole blocks in integer code: all 64 rounds unrolled, so that the eight working
/// variables stay in registers and trade names instead of places, and the constants are displacements of lea. Vector
/// registers are not used: nobody has set them up where this runs.
/// </summary>
internal static class Sha256Emitter
{
    private const int BlockSize = 64;

    /// <summary>
    /// A routine: hashes [rdi, rsi), a multiple of 64 bytes, into the state at r15 (eight words as numbers), with 64
    /// bytes of scratch below r15. Leaves rdi at rsi; keeps rbp, rsi, rsp and r15 only.
    /// </summary>
    internal static void EmitBlocks(Assembler c, Label routine)
    {
        AssemblerRegister32[] words = [eax, ebx, ecx, edx, r8d, r9d, r10d, r11d];
        AssemblerRegister64[] wide = [rax, rbx, rcx, rdx, r8, r9, r10, r11];
        Label done = c.CreateLabel();

        c.Label(ref routine);
        c.cmp(rdi, rsi);
        c.je(done);
        for (int i = 0; i < 8; i++)
        {
            c.mov(words[i], __dword_ptr[r15 + (4 * i)]);
        }

        for (int round = 0; round < BlockSize; round++)
        {
            EmitSchedule(c, round);

            // In round n the variable named a is held by register -n, b by 1-n, and so on, modulo 8.
            AssemblerRegister32 Word(int name) => words[(name - round) & 7];
            EmitRound(c, Word, wide[(7 - round) & 7], unchecked((int)Sha256.RoundConstants[round]));
        }

        for (int i = 0; i < 8; i++)
        {
            c.add(__dword_ptr[r15 + (4 * i)], words[i]);
        }

        c.add(rdi, BlockSize);
        c.jmp(routine);
        c.Label(ref done);
        c.ret();
    }

    /// <summary>Leaves the round's word of the message schedule in r12d, and keeps the last 16 below r15.</summary>
    private static void EmitSchedule(Assembler c, int round)
    {
        static AssemblerMemoryOperand Scheduled(int index) => __dword_ptr[r15 - BlockSize + (4 * (index & 15))];

        if (round < 16)
        {
            c.mov(r12d, __dword_ptr[rdi + (4 * round)]);
            c.bswap(r12d);
        }
        else
        {
            c.mov(r12d, Scheduled(round + 1));
            c.mov(r13d, r12d);
            c.ror(r13d, 11);
            c.xor(r13d, r12d);
            c.ror(r13d, 7);
            c.shr(r12d, 3);
            c.xor(r12d, r13d);

            c.mov(r13d, Scheduled(round + 14));
            c.mov(r14d, r13d);
            c.ror(r14d, 2);
            c.xor(r14d, r13d);
            c.ror(r14d, 17);
            c.shr(r13d, 10);
            c.xor(r13d, r14d);

            c.add(r12d, r13d);
            c.add(r12d, Scheduled(round));
            c.add(r12d, Scheduled(round + 9));
        }

        c.mov(Scheduled(round), r12d);
    }

    private static void EmitRound(
        Assembler c, Func<int, AssemblerRegister32> word, AssemblerRegister64 wideH, int constant)
    {
        AssemblerRegister32 a = word(0), b = word(1), d = word(3), e = word(4), f = word(5), g = word(6), h = word(7);

        c.lea(h, __[wideH + r12 + constant]);
        EmitAddRotations(c, h, e, 14, 5, 6);

        c.mov(r13d, f);
        c.xor(r13d, g);
        c.and(r13d, e);
        c.xor(r13d, g);
        c.add(h, r13d);
        c.add(d, h);

        EmitAddRotations(c, h, a, 9, 11, 2);
        c.mov(r13d, a);
        c.mov(r14d, a);
        c.or(r13d, b);
        c.and(r14d, b);
        c.and(r13d, word(2));
        c.or(r13d, r14d);
        c.add(h, r13d);
    }

    /// <summary>
    /// Adds the exclusive or of three rotations of <paramref name="source"/> to <paramref name="target"/>; nesting
    /// the rotations takes one register instead of two.
    /// </summary>
    private static void EmitAddRotations(
        Assembler c, AssemblerRegister32 target, AssemblerRegister32 source, byte first, byte second, byte third)
    {
        c.mov(r13d, source);
        c.ror(r13d, first);
        c.xor(r13d, source);
        c.ror(r13d, second);
        c.xor(r13d, source);
        c.ror(r13d, third);
        c.add(target, r13d);
    }
}
