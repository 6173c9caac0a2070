using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;

namespace Lifeboat.Kernel.Net;

/// <summary>A network of its own: devices, addresses (<c>struct net</c>).</summary>
public sealed class NetNamespace
{
    private const ulong MaxBucketBits = 20;
    private static readonly string[] NeighbourTables = ["arp_tbl", "nd_tbl"];

    private readonly CrashedKernel _kernel;

    internal NetNamespace(CrashedKernel kernel, KernelObject net) => (_kernel, Object) = (kernel, net);

    /// <summary>The <c>struct net</c>.</summary>
    public KernelObject Object { get; }

    /// <summary>Its number, as in /proc/PID/ns/net.</summary>
    public ulong? Number => Object.Number("ns.inum");

    /// <summary>Its devices.</summary>
    public KernelWalk<NetDevice> Devices => _kernel.ListOf(
        Object.TryGet("dev_base_head", out KernelObject? head) ? head : null, "struct net_device", "dev_list")
        .Select(device => new NetDevice(_kernel, device));

    /// <summary>Who has which address on its networks: of IPv4, then of IPv6.</summary>
    public KernelWalk<Neighbour> Neighbours => new(_kernel.MaxLinked, ReadNeighbours);

    private IEnumerable<Neighbour> ReadNeighbours(KernelWalk<Neighbour> walk)
    {
        foreach (string name in NeighbourTables)
        {
            // IPv6 may be a module, whose table has no symbol here.
            if (_kernel.Global(name, "struct neigh_table")?.Follow("nht") is not { } table
                || table.Number("hash_shift") is not { } bits || bits > MaxBucketBits)
            {
                continue;
            }

            for (long bucket = 0; bucket < 1L << (int)bits; bucket++)
            {
                if (ChainOf(table, bucket) is not { } chain)
                {
                    continue;
                }

                foreach (KernelObject neighbour in chain)
                {
                    var found = new Neighbour(_kernel, neighbour);
                    if (found.Namespace is not { } other || other == Object.Address)
                    {
                        yield return found;
                    }
                }

                if (chain.End != WalkEnd.Complete)
                {
                    walk.Stop(chain.End, chain.Fault);
                }
            }
        }
    }

    private KernelWalk<KernelObject>? ChainOf(KernelObject table, long bucket)
    {
        // Heads since 6.13, before that pointers to the first.
        if (table.TryGet("hash_heads", out KernelObject? heads))
        {
            return heads.Follow() is null ? null : _kernel.Chain(heads[bucket], "struct neighbour", "hash");
        }

        return table.Follow("hash_buckets") is not null && table["hash_buckets"][bucket].Follow() is { } first
            ? LinkedLists.Following(first, "next", _kernel.MaxLinked) : null;
    }
}
