using Lifeboat.Vmcore.Tests.TestSupport;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Tests.Hostile;

public sealed class FlattenedMutationTests
{
    [Fact]
    public void A_hundred_thousand_damaged_flattened_dumps_end_in_a_value_or_a_diagnostic()
    {
        MutationRun.Run([
            HostileSamples.Flattened(HostileSamples.SmallKdump(DumpCompression.Zstd), 600),
            HostileSamples.Flattened(HostileSamples.SmallKdump(DumpCompression.Lzo), 4096),
            HostileSamples.Flattened(HostileSamples.SmallElf(), 4096)]);
    }
}
