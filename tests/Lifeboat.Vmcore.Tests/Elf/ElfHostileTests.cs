using Lifeboat.Vmcore.Elf;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Vmcore.Tests.Elf;

public sealed class ElfHostileTests
{
    [Fact]
    public void Three_thousand_damaged_files_end_in_a_value_or_a_diagnostic()
    {
        using var folder = new TemporaryFolder();
        byte[] original = new ElfWriter()
            .AddNote("CORE", 1, new byte[64]).AddNote("VMCOREINFO", 0, "OSRELEASE=6.1\nPAGESIZE=4096\n"u8)
            .AddSegment(0, new byte[0x2000])
                .AddSegment(0x8000, new byte[0x1000], 0x2000).AddSegment(0x9000, new byte[0x1000])
            .ToArray();
        int opened = 0;
        for (int seed = 0; seed < 3000; seed++)
        {
            opened += Mutations.Survives(folder.Write("bad", Mutations.Mutate(original, seed, 512))) ? 1 : 0;
        }

        Assert.InRange(opened, 100, 2900);
    }

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
