using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;

namespace Lifeboat.Kernel.Interrupts;

/// <summary>Finds the interrupts: a radix tree until 6.4, a maple tree since.</summary>
internal static class InterruptLines
{
    internal static KernelWalk<InterruptLine> All(CrashedKernel kernel) => new(kernel.MaxLinked, walk => Read(kernel, walk));

    private static IEnumerable<InterruptLine> Read(CrashedKernel kernel, KernelWalk<InterruptLine> walk)
    {
        KernelWalk<IndexedEntry>? entries =
            kernel.Global("sparse_irqs", "struct maple_tree") is { } maple && kernel.Types.TryFind("struct maple_node", out _)
                ? kernel.MapleTree(maple)
            : kernel.Global("irq_desc_tree", "struct xarray") is { } radix && kernel.Types.TryFind("struct xa_node", out _)
                ? kernel.XArray(radix) : null;
        if (entries is null)
        {
            walk.Stop(WalkEnd.Damaged);
            yield break;
        }

        foreach (IndexedEntry entry in entries)
        {
            if (kernel.At("struct irq_desc", entry.Entry) is { } line)
            {
                yield return new InterruptLine(kernel, line);
            }
        }

        walk.Stop(entries.End, entries.Fault);
    }
}
