using Iced.Intel;
using Lifeboat.Core.Hashing;
using static Iced.Intel.AssemblerRegisters;

namespace Lifeboat.Kexec.Purgatory;

/// <summary>
/// Emits SHA-256's compression over whole blocks in integer code: all 64 rounds unrolled, so that the eight working
/// variables stay in registers and trade names instead of places, and the constants are displacements of lea. Vector
/// registers are not used: nobody has set them up where this runs. With BMI2 the rotations are rorx, which leaves the
/// flags alone: a little faster on a processor, and several times faster in software emulation, where a rotation that
/// keeps the other flags has to compute them.
/// </summary>
/// <param name="c">Where the code goes.</param>
/// <param name="bmi2">Whether the processor has BMI2.</param>
internal sealed class Sha256Emitter(Assembler c, bool bmi2)
{
    private const int BlockSize = 64;

    /// <summary>
    /// A routine: hashes [rdi, rsi), a multiple of 64 bytes, into the state at rbp (eight words as numbers), with 64
    /// bytes of scratch below rbp. Leaves rdi at rsi; keeps rbp, rsi and rsp only.
    /// </summary>
    internal void EmitBlocks(Label routine)
    {
        AssemblerRegister32[] words = [eax, ebx, ecx, edx, r8d, r9d, r10d, r11d];
        AssemblerRegister64[] wide = [rax, rbx, rcx, rdx, r8, r9, r10, r11];
        Label done = c.CreateLabel();

        c.Label(ref routine);
        c.cmp(rdi, rsi);
        c.je(done);
        for (int i = 0; i < 8; i++)
        {
            c.mov(words[i], __dword_ptr[rbp + (4 * i)]);
        }

        for (int round = 0; round < BlockSize; round++)
        {
            EmitSchedule(round);

            // In round n the variable named a is held by register -n, b by 1-n, and so on, modulo 8.
            AssemblerRegister32 Word(int name) => words[(name - round) & 7];
            EmitRound(Word, wide[(7 - round) & 7], unchecked((int)Sha256.RoundConstants[round]));
        }

        for (int i = 0; i < 8; i++)
        {
            c.add(__dword_ptr[rbp + (4 * i)], words[i]);
        }

        c.add(rdi, BlockSize);
        c.jmp(routine);
        c.Label(ref done);
        c.ret();
    }

    /// <summary>Leaves the round's word of the message schedule in r12d, and keeps the last 16 below rbp.</summary>
    private void EmitSchedule(int round)
    {
        static AssemblerMemoryOperand Scheduled(int index) => __dword_ptr[rbp - BlockSize + (4 * (index & 15))];

        if (round < 16)
        {
            c.mov(r12d, __dword_ptr[rdi + (4 * round)]);
            c.bswap(r12d);
        }
        else
        {
            c.mov(r14d, Scheduled(round + 1));
            EmitRotations(r12d, r14d, 7, 18, null);
            c.shr(r14d, 3);
            c.xor(r12d, r14d);
            c.add(r12d, Scheduled(round));

            c.mov(r14d, Scheduled(round + 14));
            EmitRotations(r13d, r14d, 17, 19, null);
            c.shr(r14d, 10);
            c.xor(r13d, r14d);
            c.add(r12d, r13d);
            c.add(r12d, Scheduled(round + 9));
        }

        c.mov(Scheduled(round), r12d);
    }

    private void EmitRound(Func<int, AssemblerRegister32> word, AssemblerRegister64 wideH, int constant)
    {
        AssemblerRegister32 a = word(0), b = word(1), d = word(3), e = word(4), f = word(5), g = word(6), h = word(7);

        c.lea(h, __[wideH + r12 + constant]);
        EmitRotations(r13d, e, 6, 11, 25);
        c.add(h, r13d);

        c.mov(r13d, f);
        c.xor(r13d, g);
        c.and(r13d, e);
        c.xor(r13d, g);
        c.add(h, r13d);
        c.add(d, h);

        EmitRotations(r13d, a, 2, 13, 22);
        c.add(h, r13d);
        c.mov(r13d, a);
        c.mov(r14d, a);
        c.or(r13d, b);
        c.and(r14d, b);
        c.and(r13d, word(2));
        c.or(r13d, r14d);
        c.add(h, r13d);
    }

    /// <summary>
    /// Makes <paramref name="target"/> the exclusive or of <paramref name="source"/> rotated right by each of two or
    /// three distances, which ascend. Without rorx the rotations are nested, so that one register does: each step
    /// rotates by what the next distance is greater by.
    /// </summary>
    private void EmitRotations(
        AssemblerRegister32 target, AssemblerRegister32 source, byte first, byte second, byte? third)
    {
        if (bmi2)
        {
            c.rorx(target, source, first);
            c.rorx(r15d, source, second);
            c.xor(target, r15d);
            if (third is { } last)
            {
                c.rorx(r15d, source, last);
                c.xor(target, r15d);
            }

            return;
        }

        c.mov(target, source);
        if (third is { } outermost)
        {
            c.ror(target, (byte)(outermost - second));
            c.xor(target, source);
        }

        c.ror(target, (byte)(second - first));
        c.xor(target, source);
        c.ror(target, first);
    }
}
