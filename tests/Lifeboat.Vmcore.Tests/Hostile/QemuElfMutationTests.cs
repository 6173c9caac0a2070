using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Vmcore.Tests.Hostile;

public sealed class QemuElfMutationTests
{
    [Fact]
    public void A_hundred_thousand_damaged_elf_dumps_of_qemu_end_in_a_value_or_a_diagnostic()
    {
        MutationRun.Run([HostileSamples.QemuElf(hasInfo: true), HostileSamples.QemuElf(hasInfo: false)]);
    }
}
