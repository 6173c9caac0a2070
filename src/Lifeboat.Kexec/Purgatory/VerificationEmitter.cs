using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Lifeboat.Kexec.Purgatory;

/// <summary>Emits the check of every segment against what was loaded.</summary>
/// <remarks>
/// The content of a segment, up to a whole page, is checked by SHA-256. What follows it (mostly the room the kernel
/// unpacks into, several times its content) was zeroed at loading and is compared with zero, which notices any change
/// as surely in a small part of the time.
/// </remarks>
internal static class VerificationEmitter
{
    internal static void Emit(
        Assembler c, Func<int, ulong> at, int segments, Label hashBlocks, Label mismatch)
    {
        Label next = c.CreateLabel();
        Label zeros = c.CreateLabel();
        Label matched = c.CreateLabel();
        Label done = c.CreateLabel();

        c.mov(rbp, at(PurgatoryLayout.SegmentTable));   // rbp: the entry of the segment at hand
        c.mov(r15, at(PurgatoryLayout.State));          // r15: the state of the hash, for all of it
        c.Label(ref next);
        c.mov(rax, at(PurgatoryLayout.SegmentTable + (segments * PurgatoryLayout.EntrySize))); // behind the last entry
        c.cmp(rbp, rax);                                // are all of them
        c.je(done);                                     // verified?

        // The hash of the content.
        c.mov(rsi, at(PurgatoryLayout.InitialState));   // SHA-256 begins with eight fixed words
        c.mov(rdi, r15);                                // which become the state:
        c.mov(ecx, 4);                                  // four times
        c.rep.movsq();                                  // eight bytes
        c.mov(rdi, __qword_ptr[rbp + PurgatoryLayout.EntryStart]);     // from the segment's first byte
        c.mov(rsi, __qword_ptr[rbp + PurgatoryLayout.EntryHashedEnd]); // to the end of its content, in whole pages
        c.call(hashBlocks);                             // keeps rbp and r15
        c.lea(rdi, __[rbp + PurgatoryLayout.EntryPadding]); // then the block that ends every message: in the entry,
        c.lea(rsi, __[rdi + 64]);                       // as its length was known
        c.call(hashBlocks);                             // the state now is the digest
        for (int word = 0; word < 4; word++)
        {
            c.mov(rax, __qword_ptr[r15 + (8 * word)]);  // eight bytes of the digest
            c.cmp(rax, __qword_ptr[rbp + PurgatoryLayout.EntryDigest + (8 * word)]); // against those made at loading
            c.jne(mismatch);                            // rbp names the segment there
        }

        // The zeros behind it: 64 bytes a round, of which a whole page is a multiple.
        c.mov(rdi, __qword_ptr[rbp + PurgatoryLayout.EntryHashedEnd]); // from the content's end
        c.mov(rsi, __qword_ptr[rbp + PurgatoryLayout.EntryEnd]);       // to the segment's
        c.Label(ref zeros);
        c.cmp(rdi, rsi);                                // nothing left:
        c.je(matched);                                  // the segment is as it was loaded
        c.mov(rax, __qword_ptr[rdi]);                   // the first eight bytes
        for (int word = 1; word < 8; word++)
        {
            c.or(rax, __qword_ptr[rdi + (8 * word)]);   // and the others, one on top of another
        }

        c.add(rdi, 64);                                 // on to the next 64
        c.test(rax, rax);                               // if no bit of these was set
        c.je(zeros);                                    // go on
        c.jmp(mismatch);                                // a bit is set where zeros were loaded

        c.Label(ref matched);
        c.add(rbp, PurgatoryLayout.EntrySize);          // the next entry
        c.jmp(next);
        c.Label(ref done);
    }
}
