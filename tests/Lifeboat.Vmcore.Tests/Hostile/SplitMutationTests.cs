using Lifeboat.Vmcore.Tests.TestSupport;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Tests.Hostile;

public sealed class SplitMutationTests
{
    [Fact]
    public void A_hundred_thousand_damaged_parts_of_split_dumps_end_in_a_value_or_a_diagnostic()
    {
        // One part is damaged; the others are as they were, and come in another order.
        byte[][] parts = HostileSamples.SplitParts(DumpCompression.Lzo);
        MutationRun.Run([.. parts.Select(HostileSamples.Kdump)], (which, length) => DumpFormatDetector.OpenParts(
            [.. Enumerable.Range(0, parts.Length).Reverse().Select(
                i => DumpProbe.FileOf(parts[i], i == which ? length : parts[i].Length))],
            DumpProbe.Limits));
    }
}
