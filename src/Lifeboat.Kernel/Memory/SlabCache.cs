using System.Buffers.Binary;
using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Kernel.Memory;

/// <summary>A cache of objects of one size (<c>struct kmem_cache</c>, SLUB).</summary>
/// <remarks><para>What cannot be read is null.</para><para><b>Thread safety.</b> One thread at a time.</para></remarks>
public sealed class SlabCache
{
    private const int OrderShift = 16; // struct kmem_cache_order_objects: the order above, the objects of a slab below

    private readonly CrashedKernel _kernel;
    private readonly ulong? _random;
    private readonly ulong _freeOffset;
    private SlabCpuObjects? _cpuObjects;

    internal SlabCache(CrashedKernel kernel, KernelObject cache)
    {
        (_kernel, Object) = (kernel, cache);
        _random = cache.TryGet("random", out KernelObject? random) ? random.Unsigned : null;
        _freeOffset = cache["offset"].Unsigned ?? 0;
        SlotSize = cache["size"].Unsigned is { } size ? new ByteCount(size) : null;
        LeftPadding = cache.TryGet("red_left_pad", out KernelObject? padding) ? padding.Unsigned ?? 0 : 0;
    }

    /// <summary>The <c>struct kmem_cache</c>.</summary>
    public KernelObject Object { get; }

    /// <summary>Its name, as in /proc/slabinfo.</summary>
    public string? Name => Object["name"].Text(256);

    /// <summary>Bytes of an object.</summary>
    public ByteCount? ObjectSize => Object["object_size"].Unsigned is { } size ? new ByteCount(size) : null;

    /// <summary>Bytes from one object to the next.</summary>
    public ByteCount? SlotSize { get; }

    /// <summary>Bytes of a slab, as they are made when there is room for such.</summary>
    public ByteCount? SlabSize => OrderOf("oo") is { } order ? new ByteCount((ulong)Pfn.PageSize << order) : null;

    /// <summary>How much of it is used; counted anew at each call.</summary>
    public SlabUsage Usage => SlabUsage.Count(_kernel, this);

    /// <summary>
    /// Its slabs, found by their pages: the kernel has no list of those that are full. Takes a pass over the map of memory.
    /// </summary>
    public IEnumerable<Slab> Slabs => _kernel.Memory.FindSlabs(this);

    internal ulong LeftPadding { get; }

    /// <summary>Objects that are free but kept by CPUs, which their slabs count as used; read once.</summary>
    internal SlabCpuObjects CpuObjects => _cpuObjects ??= SlabCpuObjects.Read(_kernel, this);

    /// <summary>Its name.</summary>
    public override string ToString() => Name ?? Object.ToString();

    /// <summary>log2 of the pages of a slab with so many objects: large ones where there was room.</summary>
    internal int OrderFor(int objects) => OrderOf("oo") is not { } order ? 0
        : ObjectsOf("oo") != objects && ObjectsOf("min") == objects ? OrderOf("min") ?? 0 : order;

    /// <summary>The free object that follows a free one; false when the link cannot be read.</summary>
    internal bool TryReadNextFree(VirtualAddress item, out VirtualAddress next)
    {
        Span<byte> bytes = stackalloc byte[8];
        VirtualAddress place = item + new ByteCount(_freeOffset);
        bool isRead = _kernel.Space.Read(place, bytes, out _) == bytes.Length;
        ulong stored = BinaryPrimitives.ReadUInt64LittleEndian(bytes);

        // CONFIG_SLAB_FREELIST_HARDENED: a link is mixed with a number of the cache's and its own place, bytes reversed.
        next = new VirtualAddress(_random is { } random ? stored ^ random ^ BinaryPrimitives.ReverseEndianness(place.Value) : stored);
        return isRead;
    }

    private int? OrderOf(string member) =>
        Object[member]["x"].Unsigned >> OrderShift is { } order and < 20 ? (int)order : null;

    private int? ObjectsOf(string member) => (int?)(Object[member]["x"].Unsigned & ((1 << OrderShift) - 1));
}
