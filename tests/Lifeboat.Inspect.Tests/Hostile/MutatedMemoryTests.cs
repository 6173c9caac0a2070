using Lifeboat.Core;
using Lifeboat.Inspect.Tests.TestSupport;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Inspect.Tests.Hostile;

/// <summary>100,000 damaged memories under every command and the report: most of a small kernel, some of real ones.</summary>
public sealed class MutatedMemoryTests
{
    private const int RealShare = 400;

    [Fact]
    public void Whatever_a_small_kernel_s_memory_holds_every_command_ends_well()
    {
        FakeWorld world = LinkedWorld.Create();
        var limits = new DumpLimits { MaxLinkedObjects = 200 };
        new HostileRun(() => world.Image, limits, 1 << 20, 64 << 20).Run(0, HostileRun.Count - (HostileRun.Count / RealShare));
    }

    [Fact]
    public void Whatever_a_real_kernel_s_memory_holds_every_command_ends_well()
    {
        IReadOnlyList<string> dumps = TestDumps.Find(".filtered");
        Assert.SkipWhen(dumps.Count == 0, "LIFEBOAT_TEST_DUMPS names no folder with dumps");
        var limits = new DumpLimits { MaxLinkedObjects = 20_000 };
        int share = HostileRun.Count / RealShare / dumps.Count;
        for (int i = 0; i < dumps.Count; i++)
        {
            string path = dumps[i];
            new HostileRun(() => DumpSource.Open(path), limits, 1 << 24, 1L << 30).Run(i * share, share);
        }
    }
}
