using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;

namespace Lifeboat.Kernel.Block;

/// <summary>Finds the requests that drivers have: a place for each tag of each hardware queue.</summary>
internal static class RequestsInDriver
{
    private const ulong InFlight = 1; // MQ_RQ_IN_FLIGHT
    private const ulong MostQueues = 4096;
    private const ulong MostTags = 1 << 16;

    internal static KernelWalk<BlockRequest> Of(CrashedKernel kernel, KernelObject? queue) =>
        new(kernel.MaxLinked, walk => Read(kernel, queue, walk));

    private static IEnumerable<BlockRequest> Read(CrashedKernel kernel, KernelObject? queue, KernelWalk<BlockRequest> walk)
    {
        if (queue is null)
        {
            yield break;
        }

        var seen = new HashSet<ulong>();
        foreach (KernelObject hardware in HardwareQueues(kernel, queue))
        {
            KernelObject? tags = hardware.Follow("tags");
            if (tags is null || tags.Number("nr_tags") is not { } count || tags.Follow("rqs") is null)
            {
                continue;
            }

            // Queues may share tags.
            for (long tag = 0; tag < (long)Math.Min(count, MostTags); tag++)
            {
                KernelObject pointer = tags["rqs"][tag];
                if (!pointer.TryReadNumber(out ulong address, out MemoryFault fault))
                {
                    walk.Stop(WalkEnd.Unreadable, fault);
                    break;
                }

                // A place keeps its last request when that is done.
                if (address != 0 && pointer.Target is var request && request.Number("state") == InFlight
                    && request.AddressIn("q") == queue.Address && seen.Add(address))
                {
                    yield return new BlockRequest(request);
                }
            }
        }
    }

    private static IEnumerable<KernelObject> HardwareQueues(CrashedKernel kernel, KernelObject queue)
    {
        // An array, an xarray from 5.18 to 6.18, an array again.
        if (queue.TryGet("hctx_table", out KernelObject? table) && table.Type.IsStructure)
        {
            foreach (IndexedEntry entry in kernel.XArray(table))
            {
                if (kernel.At("struct blk_mq_hw_ctx", entry.Entry) is { } hardware)
                {
                    yield return hardware;
                }
            }
        }
        else if (queue.Follow("queue_hw_ctx") is not null && queue.Number("nr_hw_queues") is { } count)
        {
            for (long i = 0; i < (long)Math.Min(count, MostQueues); i++)
            {
                if (queue["queue_hw_ctx"][i].Follow() is { } hardware)
                {
                    yield return hardware;
                }
            }
        }
    }
}
