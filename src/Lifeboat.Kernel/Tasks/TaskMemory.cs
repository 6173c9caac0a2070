using Lifeboat.Kernel.Objects;

namespace Lifeboat.Kernel.Tasks;

/// <summary>Counts the user memory of a process.</summary>
internal static class TaskMemory
{
    // MM_FILEPAGES, MM_ANONPAGES, MM_SHMEMPAGES; 2 is swap.
    private static readonly int[] InRam = [0, 1, 3];

    internal static long? CountResident(CrashedKernel kernel, KernelObject memory)
    {
        long sum = 0;
        foreach (int kind in InRam)
        {
            if (Count(kernel, memory["rss_stat"], kind) is not { } pages)
            {
                return null;
            }

            sum = unchecked(sum + Math.Max(0, pages));
        }

        return sum;
    }

    private static long? Count(CrashedKernel kernel, KernelObject counters, int kind)
    {
        // Until 6.1 a structure of atomic counters, then an array of counters with a part for each CPU.
        if (counters.TryGet("count", out KernelObject? atomics))
        {
            return atomics[kind]["counter"].Signed;
        }

        KernelObject counter = counters[kind];
        if (counter["count"].Signed is not { } sum || !counter.TryGet("counters", out KernelObject? parts)
            || parts.Pointer is not { } start)
        {
            return counter["count"].Signed;
        }

        foreach (int cpu in kernel.Cpus)
        {
            sum = unchecked(sum + (kernel.PerCpuOffset(cpu) is { } offset && parts.Type.Target is { } part
                ? parts.At(part, start + offset).Signed ?? 0 : 0));
        }

        return sum;
    }
}
