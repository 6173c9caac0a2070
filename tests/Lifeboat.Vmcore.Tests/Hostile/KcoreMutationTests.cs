using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Vmcore.Tests.Hostile;

public sealed class KcoreMutationTests
{
    [Fact]
    public void A_hundred_thousand_damaged_images_of_a_running_machine_end_in_a_value_or_a_diagnostic()
    {
        // The kernel tells no length of it.
        HostileSample kcore = HostileSamples.Kcore();
        MutationRun.Run([kcore, kcore], (which, length) => DumpFormatDetector.Open(
            DumpProbe.FileOf(kcore.File, length, tellsLength: which == 1), DumpProbe.Limits));
    }
}
