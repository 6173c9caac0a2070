using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;
using Lifeboat.Symbols;

namespace Lifeboat.Kernel.Time;

/// <summary>Finds the timers of all CPUs: chains in the vectors of two or three wheels each.</summary>
internal static class TimerWheels
{
    private const int MaxWheels = 4;
    private const int MaxVectors = 1024;
    private static readonly string[] Two = ["STD", "DEF"];
    private static readonly string[] Three = ["LOCAL", "GLOBAL", "DEF"];

    internal static KernelWalk<WheelTimer> All(CrashedKernel kernel) => new(kernel.MaxLinked, walk => Read(kernel, walk));

    private static IEnumerable<WheelTimer> Read(CrashedKernel kernel, KernelWalk<WheelTimer> walk)
    {
        if (!kernel.Types.TryFind("struct timer_base", out KernelType? type) || type.Size == ByteCount.Zero)
        {
            walk.Stop(WalkEnd.Damaged);
            yield break;
        }

        foreach (int cpu in kernel.Cpus)
        {
            if (!kernel.TryFindPerCpu("timer_bases", cpu, out KernelObject? wheels))
            {
                walk.Stop(WalkEnd.Damaged);
                continue;
            }

            int count = Count(kernel, wheels, type);
            for (int wheel = 0; wheel < count; wheel++)
            {
                KernelObject place = wheels.At(type, wheels.Address + new ByteCount((ulong)wheel * type.Size.Value));
                string name = (count > 2 ? Three : Two) is var names && wheel < names.Length ? names[wheel] : "";
                foreach (WheelTimer timer in Of(kernel, place, cpu, name, walk))
                {
                    yield return timer;
                }
            }
        }
    }

    private static IEnumerable<WheelTimer> Of(
        CrashedKernel kernel, KernelObject wheel, int cpu, string name, KernelWalk<WheelTimer> walk)
    {
        if (!wheel.TryGet("vectors", out KernelObject? vectors))
        {
            yield break;
        }

        for (long vector = 0; vector < Math.Min(MaxVectors, vectors.Type.ElementCount); vector++)
        {
            KernelObject head = vectors[vector];
            if (head.Number("first") == 0)
            {
                continue;
            }

            KernelWalk<KernelObject> chain = kernel.Chain(head, "struct timer_list", "entry");
            foreach (KernelObject timer in chain)
            {
                yield return new WheelTimer(timer, cpu, name);
            }

            if (chain.End != WalkEnd.Complete)
            {
                walk.Stop(chain.End, chain.Fault);
            }
        }
    }

    /// <summary>BTF of 5.10 does not say how many there are, but the next symbol is behind the last one.</summary>
    private static int Count(CrashedKernel kernel, KernelObject wheels, KernelType type) => wheels.Type.IsArray
        ? (int)Math.Clamp(wheels.Type.ElementCount, 1, MaxWheels)
        : kernel.Symbols.TryFind("timer_bases", out KernelSymbol? symbol)
            ? (int)Math.Clamp(symbol.Size.Value / type.Size.Value, 1, MaxWheels) : 1;
}
