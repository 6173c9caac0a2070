using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Vmcore.Tests.Hostile;

public sealed class ElfMutationTests
{
    [Fact]
    public void A_hundred_thousand_damaged_elf_dumps_end_in_a_value_or_a_diagnostic()
    {
        HostileSample[] samples =
            [HostileSamples.Elf(), HostileSamples.ElfOfKernel(new FakePages(KernelEra.All[4], MapModel.Vmemmap).WithOneOfEach())];
        MutationRun.Run(samples);
    }
}
