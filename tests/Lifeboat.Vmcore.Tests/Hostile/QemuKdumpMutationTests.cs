using Lifeboat.Vmcore.Tests.TestSupport;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Tests.Hostile;

public sealed class QemuKdumpMutationTests
{
    [Fact]
    public void A_hundred_thousand_damaged_compressed_dumps_of_qemu_end_in_a_value_or_a_diagnostic()
    {
        MutationRun.Run([
            HostileSamples.QemuKdump(DumpCompression.Zlib), HostileSamples.QemuKdump(DumpCompression.Lzo),
            HostileSamples.QemuKdump(DumpCompression.Snappy)]);
    }
}
