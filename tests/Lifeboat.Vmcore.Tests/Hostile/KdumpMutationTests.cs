using Lifeboat.Vmcore.Tests.TestSupport;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Tests.Hostile;

public sealed class KdumpMutationTests
{
    [Fact]
    public void A_hundred_thousand_damaged_kdump_compressed_dumps_end_in_a_value_or_a_diagnostic()
    {
        // The small machine with every codec, large pages, and a kernel whose classes are told apart.
        byte[] kernel = HostileSamples.WriteKdump(
            HostileSamples.ElfOfKernel(new FakePages(KernelEra.All[4], MapModel.Vmemmap).WithOneOfEach()).File,
            new DumpWriteOptions { Level = DumpLevel.Zero });
        MutationRun.Run([
            .. HostileSamples.Codecs.Select(static codec => HostileSamples.Kdump(HostileSamples.SmallKdump(codec))),
            HostileSamples.KdumpOfLargePages(), HostileSamples.Kdump(kernel)]);
    }
}
