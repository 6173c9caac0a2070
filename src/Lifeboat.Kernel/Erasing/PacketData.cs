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
        bool isFound = In(run, "skbuff_cache", "skbuff_head_cache", place => Add(run, run.Kernel.Object(single, place), shared));
        isFound &= In(run, "skbuff_fclone_cache", "skbuff_fclone_cache", place =>
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

    // Caches of that size may share one, so that its objects need not be packets; since 6.9 a structure has the pointers.
    private static bool In(EraseRun run, string member, string variable, Action<VirtualAddress> each) =>
        run.Kernel.TryFindGlobal("net_hotdata", "struct net_hotdata", out KernelObject? data)
        && data.TryGet(member, out KernelObject? pointer)
            ? SlabObjects.InCacheOf(run, pointer, each) : SlabObjects.InCacheOf(run, variable, each);

    private static void Add(EraseRun run, KernelObject packet, KernelType sharedType)
    {
        // One that was handed out and not used yet has no head; the second of twins has what was left there.
        if (packet["head"].Pointer is not { Value: not 0 } head || packet["users"].As(run.Kernel.Type("int")).Signed is null or <= 0
            || packet["end"].Unsigned is not ({ } length and > 0) || !IsPacket(packet, head, length))
        {
            return;
        }

        run.Add("sk_buff.head", head, length);
        KernelObject shared = packet.At(sharedType, head + new ByteCount(length));
        if (packet["data_len"].Unsigned is 0 || shared["nr_frags"].Unsigned is not ({ } count and <= MostParts))
        {
            return;
        }

        AddParts(run, shared, count);
    }

    // Head, data, tail and end come in this order, and what it says to have fits what it says to have taken.
    private static bool IsPacket(KernelObject packet, VirtualAddress head, ulong end) =>
        packet["data"].Pointer is { } data && packet["tail"].Unsigned is { } tail && tail <= end
        && data.Value >= head.Value && data.Value - head.Value <= tail
        && packet["len"].Unsigned is { } length && packet["data_len"].Unsigned is { } apart && apart <= length
        && packet["truesize"].Unsigned is { } whole && whole >= end && length - apart <= end;

    private static void AddParts(EraseRun run, KernelObject shared, ulong count)
    {
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
