using System.Buffers.Binary;
using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Memory;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;

namespace Lifeboat.Kernel.Erasing;

/// <summary>
/// The contexts of the crypto API's transforms (<c>struct crypto_tfm</c>), which hold keys and what is computed from them.
/// </summary>
/// <remarks>
/// The kernel has no list of them. Each is an object of kmalloc's that points to its algorithm, and those are listed:
/// <code>
/// object of kmalloc   crypto_skcipher, crypto_shash ...     tfmsize bytes of its crypto_type, often a few
///                     crypto_tfm    flags node exit __crt_alg -> crypto_alg in crypto_alg_list
///                     context       erased, to the end of the object
/// </code>
/// </remarks>
internal static class CryptoKeys
{
    private const int MostAlgorithms = 1 << 16;
    private const ulong LargestFront = 256; // what stands before the crypto_tfm has at most some members
    private const int MostSlabBytes = 128 << 10; // far more than a cache of kmalloc has
    private const ulong KernelAddresses = 0xffff_0000_0000_0000;
    private const ulong KnownFlags = 0x00ff_ffff;

    internal static void Find(EraseRun run)
    {
        if (!run.Kernel.TryFindGlobal("crypto_alg_list", "struct list_head", out KernelObject? head))
        {
            run.Tell("this kernel has no list of algorithms that is found");
            return;
        }

        KernelWalk<KernelObject> list = run.Kernel.List(head, "struct crypto_alg", "cra_list");
        var algorithms = new List<ulong>();
        var fronts = new List<ulong> { 0 };
        foreach (KernelObject algorithm in list)
        {
            if (algorithms.Count == MostAlgorithms)
            {
                break;
            }

            algorithms.Add(algorithm.Address.Value);
            if (algorithm["cra_type"] is { Pointer: { Value: not 0 } } kind && kind["tfmsize"].Unsigned is <= LargestFront and var front
                && !fronts.Contains(front))
            {
                fronts.Add(front);
            }
        }

        run.TellUnlessWhole("the list of algorithms", list.End);

        // Kinds that also take algorithms of others, and may have none of their own.
        foreach (string name in (ReadOnlySpan<string>)["struct crypto_skcipher", "struct crypto_ahash", "struct crypto_acomp", "struct crypto_aead"])
        {
            if (run.Kernel.Types.TryFind(name, out KernelType? type) && type.TryFindMember("base", out KernelMember? member)
                && !fronts.Contains(member.Offset.Value))
            {
                fronts.Add(member.Offset.Value);
            }
        }

        if (run.Kernel.Memory.Pages is null)
        {
            run.Tell("the map of memory is of a kind that is not known, so that transforms are not found");
            return;
        }

        algorithms.Sort();
        new Search(run, [.. algorithms], fronts, run.Kernel.Type("struct crypto_tfm")).Run();
    }

    private sealed class Search(EraseRun run, ulong[] algorithms, List<ulong> fronts, KernelType tfm)
    {
        private readonly ulong _flags = OffsetOf(tfm, "crt_flags");
        private readonly ulong _exit = OffsetOf(tfm, "exit");
        private readonly ulong _algorithm = OffsetOf(tfm, "__crt_alg");
        private readonly byte[] _bytes = new byte[MostSlabBytes];
        private readonly List<ulong> _caches = [];

        internal void Run()
        {
            foreach (SlabCache cache in run.Kernel.Memory.SlabCaches)
            {
                if (SlabObjects.IsKmalloc(cache))
                {
                    _caches.Add(cache.Object.Address.Value);
                }
            }

            _caches.Sort();
            foreach (Slab slab in run.Kernel.Memory.Slabs)
            {
                if (_caches.BinarySearch(slab.Cache.Object.Address.Value) >= 0 && slab.Size.Value <= MostSlabBytes)
                {
                    InSlab(slab);
                }
            }
        }

        private void InSlab(Slab slab)
        {
            Span<byte> bytes = _bytes.AsSpan(0, (int)slab.Size.Value);
            int read = run.Kernel.Space.Read(slab.Start, bytes, out _);
            for (int place = 0; place + 8 <= read; place += 8)
            {
                ulong word = BinaryPrimitives.ReadUInt64LittleEndian(bytes[place..]);
                if (word >= KernelAddresses && Array.BinarySearch(algorithms, word) >= 0)
                {
                    Consider(slab, bytes, place);
                }
            }
        }

        private void Consider(Slab slab, ReadOnlySpan<byte> bytes, int place)
        {
            ulong here = slab.Start.Value + (ulong)place;
            if (slab.Cache.ObjectSize is not { } size || slab.IndexOf(new VirtualAddress(here)) is not { } index)
            {
                return;
            }

            ulong item = slab.ObjectAt(index).Value;
            ulong start = unchecked(here - _algorithm);
            if (start < item || !fronts.Contains(start - item) || start + tfm.Size.Value > item + size.Value)
            {
                return;
            }

            // What else is of one, and hardly of anything else that points to an algorithm: few flags, a function or none.
            ReadOnlySpan<byte> found = bytes[(place - (int)_algorithm)..];
            ulong exit = BinaryPrimitives.ReadUInt64LittleEndian(found[(int)_exit..]);
            uint flags = BinaryPrimitives.ReadUInt32LittleEndian(found[(int)_flags..]);
            if ((flags & ~KnownFlags) == 0 && (exit == 0 || run.Kernel.Names.TryFind(new VirtualAddress(exit), out _)))
            {
                ulong context = start + tfm.Size.Value;
                run.Add("crypto_tfm.__crt_ctx", new VirtualAddress(context), item + size.Value - context);
            }
        }

        private static ulong OffsetOf(KernelType type, string name) => type.TryFindMember(name, out KernelMember? member)
            ? member.Offset.Value : throw new UnknownTypeException($"{type.Name} has no member {name} in this kernel");
    }
}
