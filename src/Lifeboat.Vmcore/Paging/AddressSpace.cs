using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Paging;

/// <summary>The kernel's virtual addresses on x86-64 and arm64, by its own page tables.</summary>
/// <remarks>
/// <para><b>Construction.</b> <see cref="OpenKernel(DumpSource)"/> takes from VMCOREINFO which architecture it is, where
/// the tables begin and what they look like.</para>
/// <para><b>Hot path.</b> The last translations are kept, whole large pages as one.</para>
/// <para><b>Thread safety.</b> One thread at a time.</para>
/// </remarks>
public sealed class AddressSpace
{
    private const int CacheSize = 64;

    private readonly IPhysicalMemory _memory;
    private readonly PageTables _tables;
    private readonly CachedTranslation[] _cache = new CachedTranslation[CacheSize];

    private AddressSpace(IPhysicalMemory memory, PageTables tables)
    {
        _memory = memory;
        _tables = tables;
    }

    /// <summary>Levels of page tables: on x86-64 4, or 5 where machine and kernel use them; on arm64 2 to 5.</summary>
    public int Levels => _tables.Levels;

    /// <summary>Whether the tables are those of arm64; those of x86-64 otherwise.</summary>
    public bool IsArm64 => _tables is Arm64PageTables;

    /// <summary>Ends reads: once it is cancelled, they throw.</summary>
    /// <remarks>All that walks a kernel comes by here, so that this stops it wherever it is.</remarks>
    public CancellationToken Cancellation { get; set; }

    /// <summary>The kernel's own address space.</summary>
    /// <exception cref="DumpFormatException">VMCOREINFO is missing or lacks what translating needs.</exception>
    public static AddressSpace OpenKernel(DumpSource dump) => OpenKernel(dump, dump.Vmcoreinfo);

    /// <summary>The kernel's own address space in a memory that <paramref name="info"/> describes.</summary>
    /// <exception cref="DumpFormatException">VMCOREINFO is missing or lacks what translating needs.</exception>
    public static AddressSpace OpenKernel(IPhysicalMemory memory, Vmcoreinfo info)
    {
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentNullException.ThrowIfNull(info);
        return new AddressSpace(memory, PageTables.Open(memory, info));
    }

    /// <summary>The addresses of a process, by its own tables.</summary>
    /// <param name="root">Where its highest table is.</param>
    /// <returns>Null on arm64, where those are not followed yet.</returns>
    public AddressSpace? OfProcess(PhysicalAddress root) =>
        _tables.FromRoot(root) is { } tables ? new AddressSpace(_memory, tables) : null;

    /// <summary>What the page tables say of an address, also of one whose page is not in RAM.</summary>
    /// <param name="address">Any address.</param>
    /// <param name="entry">The lowest entry that is there: of the page, or of the range that has none.</param>
    /// <param name="fault">Why there is none: a table that cannot be read, or an address that no table can map.</param>
    public bool TryFindEntry(VirtualAddress address, out PageTableEntry entry, out MemoryFault fault) =>
        _tables.TryFindEntry(address.Value, out entry, out fault);

    /// <summary>Where a virtual address is in physical memory.</summary>
    /// <param name="address">Any address; not even a canonical one.</param>
    /// <param name="physical">The same byte in physical memory.</param>
    /// <param name="contiguous">How many bytes from there on are next to each other in both.</param>
    /// <param name="fault">Why there is none; the address of a table when a table could not be read.</param>
    public bool TryTranslate(
        VirtualAddress address, out PhysicalAddress physical, out ByteCount contiguous, out MemoryFault fault)
    {
        ulong value = address.Value;
        fault = MemoryFault.None;
        if (_tables.TryTranslateDirectly(value, out CachedTranslation piece))
        {
            physical = new(unchecked(value - piece.Virtual + piece.Physical));
            contiguous = new(piece.Size - (value - piece.Virtual));
            return true;
        }

        ref CachedTranslation cached = ref _cache[(int)((value >> Pfn.PageShift) % CacheSize)];
        if (cached.Size == 0 || value < cached.Virtual || value - cached.Virtual >= cached.Size)
        {
            if (!_tables.TryWalk(value, out CachedTranslation found, out fault))
            {
                physical = default;
                contiguous = default;
                return false;
            }

            cached = found;
        }

        ulong within = value - cached.Virtual;
        physical = new(cached.Physical + within);
        contiguous = new(cached.Size - within);
        return true;
    }

    /// <summary>Reads from a virtual address on until the destination is full or memory is unreadable.</summary>
    /// <param name="address">The first byte.</param>
    /// <param name="destination">Receives the bytes; what lies beyond the count returned is unspecified.</param>
    /// <param name="fault">Why fewer bytes were read; <see cref="MemoryFault.Address"/> is the virtual address.</param>
    /// <returns>The bytes read; fewer than asked for only together with a fault.</returns>
    /// <exception cref="OperationCanceledException"><see cref="Cancellation"/> was cancelled.</exception>
    public int Read(VirtualAddress address, Span<byte> destination, out MemoryFault fault)
    {
        Cancellation.ThrowIfCancellationRequested();
        fault = MemoryFault.None;
        int done = 0;
        while (done < destination.Length)
        {
            var position = new VirtualAddress(unchecked(address.Value + (ulong)done));
            if (!TryTranslate(position, out PhysicalAddress physical, out ByteCount contiguous, out MemoryFault cause))
            {
                fault = new MemoryFault(position.Value, cause.Reason);
                break;
            }

            int count = (int)Math.Min((ulong)(destination.Length - done), contiguous.Value);
            int read = _memory.Read(physical, destination.Slice(done, count), out cause);
            done += read;
            if (read < count)
            {
                fault = new MemoryFault(unchecked(position.Value + (ulong)read), cause.Reason);
                break;
            }
        }

        return done;
    }
}
