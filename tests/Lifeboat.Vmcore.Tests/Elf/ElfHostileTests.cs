using Lifeboat.Vmcore.Elf;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Vmcore.Tests.Elf;

public sealed class ElfHostileTests
{
    [Fact]
    public void Notes_that_claim_more_than_there_is_end_the_walk()
    {
        byte[] good = ElfWriter.Note("VMCOREINFO", 0, "A=B"u8);
        for (int seed = 0; seed < 3000; seed++)
        {
            byte[] notes = Mutations.Mutate([.. ElfWriter.Note("CORE", 1, new byte[8]), .. good], seed, 64);
            var walk = new ElfNotes(notes);
            int steps = 0;
            while (walk.MoveNext())
            {
                Assert.True(++steps < 100);
                Assert.True(walk.ContentOffset + walk.Content.Length <= notes.Length);
            }
        }
    }
}
