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
        c.cmp(rdi, rsi);                        // nothing left
        c.je(done);                             // to hash?
        for (int i = 0; i < 8; i++)
        {
            c.mov(words[i], __dword_ptr[r15 + (4 * i)]);// a to h begin as the state
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
            c.add(__dword_ptr[r15 + (4 * i)], words[i]);// after 64 rounds each has its own name again, and is added
        }

        c.add(rdi, BlockSize);                  // the next block
        c.jmp(routine);                         // if there is one
        c.Label(ref done);
        c.ret();                                // rdi is at rsi
    }

    /// <summary>Leaves the round's word of the message schedule in r12d, and keeps the last 16 below r15.</summary>
    private static void EmitSchedule(Assembler c, int round)
    {
        static AssemblerMemoryOperand Scheduled(int index) => __dword_ptr[r15 - BlockSize + (4 * (index & 15))];

        if (round < 16)
        {
            c.mov(r12d, __dword_ptr[rdi + (4 * round)]);// the first 16 words are the block's,
            c.bswap(r12d);                      // most significant byte first
        }
        else
        {
            // sigma0 of the word 15 back: ror 7 ^ ror 18 ^ shr 3. The places are modulo 16: 15 back is 1 ahead.
            c.mov(r12d, Scheduled(round + 1));  // the word
            c.mov(r13d, r12d);                  // a copy to rotate
            c.ror(r13d, 11);                    // by 11 now and 7 below: by 18
            c.xor(r13d, r12d);                  // the word itself, to be rotated by 7 with it
            c.ror(r13d, 7);                     // ror 18 ^ ror 7
            c.shr(r12d, 3);                     // shr 3
            c.xor(r12d, r13d);                  // sigma0

            // sigma1 of the word 2 back: ror 17 ^ ror 19 ^ shr 10.
            c.mov(r13d, Scheduled(round + 14)); // the word
            c.mov(r14d, r13d);                  // a copy to rotate
            c.ror(r14d, 2);                     // by 2 now and 17 below: by 19
            c.xor(r14d, r13d);                  // the word itself, to be rotated by 17 with it
            c.ror(r14d, 17);                    // ror 19 ^ ror 17
            c.shr(r13d, 10);                    // shr 10
            c.xor(r13d, r14d);                  // sigma1

            c.add(r12d, r13d);                  // sigma0 + sigma1
            c.add(r12d, Scheduled(round));      // + the word 16 back, whose place this one takes
            c.add(r12d, Scheduled(round + 9));  // + the word 7 back
        }

        c.mov(Scheduled(round), r12d);          // later rounds look back at it
    }

    private static void EmitRound(
        Assembler c, Func<int, AssemblerRegister32> word, AssemblerRegister64 wideH, int constant)
    {
        AssemblerRegister32 a = word(0), b = word(1), d = word(3), e = word(4), f = word(5), g = word(6), h = word(7);

        // T1 = h + S1(e) + choice(e, f, g) + constant + scheduled word, made in h, whose old value ends here.
        c.lea(h, __[wideH + r12 + constant]);   // h + word + constant in one; the upper halves are cut off
        EmitAddRotations(c, h, e, 14, 5, 6);    // S1: ror 25 ^ ror 11 ^ ror 6

        // choice: f where e has ones, g where it has zeros = ((f ^ g) & e) ^ g
        c.mov(r13d, f);                         // f
        c.xor(r13d, g);                         // where f and g differ
        c.and(r13d, e);                         // and e chooses f
        c.xor(r13d, g);                         // take f, otherwise g
        c.add(h, r13d);                         // h is T1 now
        c.add(d, h);                            // next round's e

        // T2 = S0(a) + majority(a, b, c); T1 + T2 is next round's a, and stays in h's register.
        EmitAddRotations(c, h, a, 9, 11, 2);    // S0: ror 22 ^ ror 13 ^ ror 2
        c.mov(r13d, a);                         // majority: ((a | b) & c) | (a & b)
        c.mov(r14d, a);                         // a twice
        c.or(r13d, b);                          // a | b
        c.and(r14d, b);                         // a & b
        c.and(r13d, word(2));                   // (a | b) & c
        c.or(r13d, r14d);                       // the majority
        c.add(h, r13d);                         // next round's a
    }

    /// <summary>
    /// Adds the exclusive or of three rotations of <paramref name="source"/> to <paramref name="target"/>; nesting
    /// the rotations takes one register instead of two.
    /// </summary>
    private static void EmitAddRotations(
        Assembler c, AssemblerRegister32 target, AssemblerRegister32 source, byte first, byte second, byte third)
    {
        c.mov(r13d, source);    // a copy to rotate
        c.ror(r13d, first);     // in the end by first + second + third
        c.xor(r13d, source);    // this one
        c.ror(r13d, second);    // in the end by second + third
        c.xor(r13d, source);    // and this one
        c.ror(r13d, third);     // by third only
        c.add(target, r13d);    // the sum goes on
    }
}
