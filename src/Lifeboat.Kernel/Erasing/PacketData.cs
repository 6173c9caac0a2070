using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Kernel.Erasing;

/// <summary>
/// What sockets and network cards hold (<c>struct sk_buff</c>): data on its way between processes and machines, with its headers.
/// </summary>
internal static class PacketData
{
    private const int MostParts = 64;

    internal static void Find(EraseRun run)
    {
        KernelType single = run.Kernel.Type("struct sk_buff");
        KernelType twins = run.Kernel.Type("struct sk_buff_fclones");
        KernelType shared = run.Kernel.Type("struct skb_shared_info");
        bool isFound = SlabObjects.InCache(run, "skbuff_head_cache", place => Add(run, run.Kernel.Object(single, place), shared));
        isFound &= SlabObjects.InCache(run, "skbuff_fclone_cache", place =>
        {
            KernelObject both = run.Kernel.Object(twins, place);
            Add(run, both["skb1"], shared);
            Add(run, both["skb2"], shared);
        });
        if (!isFound)
        {
            run.Tell("the slab caches of packets are not found");
        }
    }

    private static void Add(EraseRun run, KernelObject packet, KernelType sharedType)
    {
        // One that was handed out and not used yet has no head; the second of twins has what was left there.
        if (packet["head"].Pointer is not { Value: not 0 } head || packet["users"].As(run.Kernel.Type("int")).Signed is null or <= 0
            || packet["end"].Unsigned is not ({ } length and > 0))
        {
            return;
        }

        run.Add("sk_buff.head", head, length);
        KernelObject shared = packet.At(sharedType, head + new ByteCount(length));
        if (packet["data_len"].Unsigned is 0 || shared["nr_frags"].Unsigned is not ({ } count and <= MostParts))
        {
            return;
        }

        KernelObject parts = shared["frags"];
        for (long i = 0; i < Math.Min((long)count, parts.Type.ElementCount); i++)
        {
            KernelObject part = parts[i];
            if (part.TryGet("netmem", out KernelObject? page) || part.TryGet("bv_page", out page))
            {
                run.AddInPage(
                    "skb_frag", page, part.TryGet("offset", out KernelObject? offset) ? offset : part["bv_offset"],
                    part.TryGet("len", out KernelObject? size) ? size : part["bv_len"]);
            }
        }
    }
}
