using System.Buffers.Binary;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Paging;

/// <summary>The kernel's virtual addresses on x86-64, by its own page tables.</summary>
/// <remarks>
/// <para><b>Construction.</b> <see cref="OpenKernel(DumpSource)"/> takes the root (init_top_pgt), phys_base, the number
/// of levels
/// and the encryption bit (sme_mask) from VMCOREINFO. Addresses within the kernel's image need no tables.</para>
/// <para><b>Hot path.</b> The last translations are kept, whole large pages as one.</para>
/// <para><b>Thread safety.</b> One thread at a time.</para>
/// </remarks>
public sealed class AddressSpace
{
    // arch/x86/include/asm/page_64_types.h: where the kernel's image is linked, and how large it may be.
    private const ulong ImageBase = 0xffff_ffff_8000_0000;
    private const long DefaultImageSize = 512L << 20;

    private const ulong PresentBit = 1;
    private const ulong LargePageBit = 1 << 7;
    private const ulong FrameMask = 0x000f_ffff_ffff_f000;
    private const int CacheSize = 64;

    private readonly IPhysicalMemory _memory;
    private readonly ulong _root;
    private readonly int _levels;
    private readonly ulong _encryptionMask;
    private readonly ulong _imageEnd;
    private readonly ulong _physBase;
    private readonly CachedTranslation[] _cache = new CachedTranslation[CacheSize];

    private AddressSpace(
        IPhysicalMemory memory, ulong root, int levels, ulong encryptionMask, ulong imageEnd, ulong physBase)
    {
        _memory = memory;
        _root = root;
        _levels = levels;
        _encryptionMask = encryptionMask;
        _imageEnd = imageEnd;
        _physBase = physBase;
    }

    /// <summary>Levels of page tables: 4, or 5 where the machine and kernel use them.</summary>
    public int Levels => _levels;

    /// <summary>The kernel's own address space.</summary>
    /// <exception cref="DumpFormatException">VMCOREINFO is missing or lacks what translating needs.</exception>
    public static AddressSpace OpenKernel(DumpSource dump) => OpenKernel(dump, dump.Vmcoreinfo);

    /// <summary>The kernel's own address space in a memory that <paramref name="info"/> describes.</summary>
    /// <exception cref="DumpFormatException">VMCOREINFO is missing or lacks what translating needs.</exception>
    public static AddressSpace OpenKernel(IPhysicalMemory memory, Vmcoreinfo info)
    {
        string[] missing = [.. MissingKeys(info)];
        if (missing.Length > 0)
        {
            throw new DumpFormatException(
                new Diagnostic(VmcoreDiagnosticIds.MissingKey, "kernel addresses cannot be translated")
                {
                    Where = "VMCOREINFO",
                    Found = info.IsEmpty ? "no VMCOREINFO at all" : $"no {string.Join(", ", missing)}",
                });
        }

        if (!info.TryGetSymbol("init_top_pgt", out VirtualAddress root))
        {
            _ = info.TryGetSymbol("swapper_pg_dir", out root);
        }

        _ = info.TryGetNumber("phys_base", out long physBase);
        _ = info.TryGetNumber("pgtable_l5_enabled", out long fiveLevels);
        _ = info.TryGetNumber("sme_mask", out long encryptionMask);
        if (!info.TryGetNumber("KERNEL_IMAGE_SIZE", out long imageSize) || imageSize is <= 0 or > 2L << 30)
        {
            imageSize = DefaultImageSize;
        }

        ulong rootAddress = unchecked(root.Value - ImageBase + (ulong)physBase);
        ulong imageEnd = unchecked(ImageBase + (ulong)imageSize);
        return new AddressSpace(
            memory,
            rootAddress,
            fiveLevels != 0 ? 5 : 4,
            unchecked((ulong)encryptionMask),
            imageEnd == 0 ? ulong.MaxValue : imageEnd,
            unchecked((ulong)physBase));
    }

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
        if (value >= ImageBase && value < _imageEnd)
        {
            physical = new(unchecked(value - ImageBase + _physBase));
            contiguous = new(_imageEnd - value);
            return true;
        }

        ref CachedTranslation cached = ref _cache[(int)((value >> Pfn.PageShift) % CacheSize)];
        if (cached.Size == 0 || value < cached.Virtual || value - cached.Virtual >= cached.Size)
        {
            if (!TryWalk(value, out CachedTranslation found, out fault))
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
    public int Read(VirtualAddress address, Span<byte> destination, out MemoryFault fault)
    {
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

    private static IEnumerable<string> MissingKeys(Vmcoreinfo info)
    {
        if (!info.TryGetSymbol("init_top_pgt", out _) && !info.TryGetSymbol("swapper_pg_dir", out _))
        {
            yield return "SYMBOL(init_top_pgt)";
        }

        if (!info.TryGetNumber("phys_base", out _))
        {
            yield return "NUMBER(phys_base)";
        }
    }

    private bool TryWalk(ulong address, out CachedTranslation found, out MemoryFault fault)
    {
        found = default;
        ulong table = _root;
        Span<byte> bytes = stackalloc byte[8];
        int bits = 12 + (9 * _levels);
        if (unchecked((ulong)((long)(address << (64 - bits)) >> (64 - bits))) != address)
        {
            fault = new MemoryFault(address, MemoryFaultReason.Unmapped);
            return false;
        }

        for (int shift = bits - 9; shift >= 12; shift -= 9)
        {
            var entryAddress = new PhysicalAddress(table + (((address >> shift) & 511) * 8));
            if (_memory.Read(entryAddress, bytes, out fault) < bytes.Length)
            {
                return false;
            }

            ulong entry = BinaryPrimitives.ReadUInt64LittleEndian(bytes) & ~_encryptionMask;
            if ((entry & PresentBit) == 0)
            {
                fault = new MemoryFault(address, MemoryFaultReason.Unmapped);
                return false;
            }

            // Pages of 1 GiB and 2 MiB; at the higher levels the bit is reserved.
            bool isLarge = shift is 30 or 21 && (entry & LargePageBit) != 0;
            if (isLarge || shift == 12)
            {
                ulong size = 1UL << shift;
                found = new CachedTranslation(address & ~(size - 1), entry & FrameMask & ~(size - 1), size);
                fault = MemoryFault.None;
                return true;
            }

            table = entry & FrameMask;
        }

        fault = new MemoryFault(address, MemoryFaultReason.Unmapped);
        return false;
    }
}
