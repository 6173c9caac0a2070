using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;

namespace Lifeboat.Kernel.Time;

/// <summary>Finds the high-resolution timers of all CPUs: a tree for each clock, by when they go off.</summary>
internal static class HighResolutionTimers
{
    private const int MaxClocks = 16;

    internal static KernelWalk<HighResolutionTimer> All(CrashedKernel kernel) =>
        new(kernel.MaxLinked, walk => Read(kernel, walk));

    private static IEnumerable<HighResolutionTimer> Read(CrashedKernel kernel, KernelWalk<HighResolutionTimer> walk)
    {
        // The node is one of a tree, and since 7.0 one of a list, too.
        if (!kernel.Types.TryFind("struct hrtimer", out KernelType? type)
            || (Node(type, "node.node.node") ?? Node(type, "node.node")) is not { } node)
        {
            walk.Stop(WalkEnd.Damaged);
            yield break;
        }

        foreach (int cpu in kernel.Cpus)
        {
            if (!kernel.TryFindPerCpu("hrtimer_bases", cpu, out KernelObject? own)
                || !own.TryGet("clock_base", out KernelObject? clocks))
            {
                walk.Stop(WalkEnd.Damaged);
                continue;
            }

            for (int index = 0; index < Math.Min(MaxClocks, clocks.Type.ElementCount); index++)
            {
                KernelObject clock = clocks[index];
                if (!clock.TryGet("active.rb_root", out KernelObject? root))
                {
                    continue;
                }

                KernelWalk<KernelObject> timers = kernel.Tree(root, "struct hrtimer", node);
                foreach (KernelObject timer in timers)
                {
                    yield return new HighResolutionTimer(kernel, timer, clock, index, cpu);
                }

                if (timers.End != WalkEnd.Complete)
                {
                    walk.Stop(timers.End, timers.Fault);
                }
            }
        }
    }

    private static string? Node(KernelType timer, string path) =>
        timer.TryFindMember(path, out KernelMember? member) && member.Type.TryFindMember("rb_left", out _) ? path : null;
}
