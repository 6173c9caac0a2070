using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Kernel.Time;

/// <summary>What the kernel knew of time and load when it stopped.</summary>
public static class MachineClock
{
    private const int LoadFractionBits = 11; // FSHIFT
    private const int LoadAverages = 3;

    /// <summary>The latest of the CPUs' clocks since boot; null when none can be read.</summary>
    public static TimeSpan? Uptime(CrashedKernel kernel)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        TimeSpan? latest = null;
        foreach (int cpu in kernel.OnlineCpus)
        {
            if (kernel.TryFindPerCpu("runqueues", cpu, out KernelObject? queue) && queue.TryGet("clock", out KernelObject? clock)
                && clock.Unsigned is { } nanoseconds and <= long.MaxValue)
            {
                var time = TimeSpan.FromTicks((long)nanoseconds / TimeSpan.NanosecondsPerTick);
                latest = latest is null || time > latest ? time : latest;
            }
        }

        return latest;
    }

    /// <summary>The load of 1, 5 and 15 minutes; none of what cannot be read is among them.</summary>
    public static IReadOnlyList<double> Load(CrashedKernel kernel)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        var loads = new List<double>();
        for (int i = 0; i < LoadAverages && kernel.TryFindGlobal("avenrun", out KernelObject? averages); i++)
        {
            if (averages.At(averages.Type, averages.Address + new ByteCount((ulong)i * averages.Type.Size.Value)).Unsigned is { } load)
            {
                loads.Add((double)load / (1 << LoadFractionBits));
            }
        }

        return loads;
    }
}
