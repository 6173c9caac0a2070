using System.Text;
using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Kernel.Memory;

/// <summary>An area of the kernel's addresses that is mapped page by page (<c>struct vmap_area</c>).</summary>
public sealed class VmallocArea
{
    // VM_IOREMAP ... of include/linux/vmalloc.h.
    private static readonly string[] FlagWords =
        ["ioremap", "vmalloc", "vmap", "user", "dma", "uninitialized", "noguard", "kasan", "reset-perms", "put-pages", "huge"];

    internal VmallocArea(KernelObject area)
    {
        Object = area;
        Start = area["va_start"].Pointer ?? VirtualAddress.Null;
        End = area["va_end"].Pointer ?? VirtualAddress.Null;
        Details = area.TryGet("vm", out KernelObject? details) && details.Pointer is { Value: not 0 } ? details.Target : null;
    }

    /// <summary>The <c>struct vmap_area</c>.</summary>
    public KernelObject Object { get; }

    /// <summary>Its first byte.</summary>
    public VirtualAddress Start { get; }

    /// <summary>The first byte behind it; most have a page at their end that is never mapped.</summary>
    public VirtualAddress End { get; }

    /// <summary>Its bytes; none when its end lies before its start.</summary>
    public ByteCount Size => new(End.Value > Start.Value ? End.Value - Start.Value : 0);

    /// <summary>The <c>struct vm_struct</c>; null for areas of <c>vm_map_ram</c>, which have none.</summary>
    public KernelObject? Details { get; }

    /// <summary>What it is for: <c>vmalloc</c>, <c>ioremap</c> ... as the kernel notes it.</summary>
    public string Kind
    {
        get
        {
            if (Details?["flags"].Unsigned is not { } flags)
            {
                return Details is null ? "vm_map_ram" : "";
            }

            var text = new StringBuilder();
            for (int bit = 0; bit < FlagWords.Length; bit++)
            {
                if ((flags & (1UL << bit)) != 0)
                {
                    text.Append(text.Length > 0 ? "," : "").Append(FlagWords[bit]);
                }
            }

            return text.ToString();
        }
    }

    /// <summary>Who asked for it; null when that is not noted.</summary>
    public VirtualAddress? Caller => Details?["caller"].Pointer is { Value: not 0 } caller ? caller : null;

    /// <summary>Pages that it holds; null when that is not noted.</summary>
    public long? PageCount => Details?["nr_pages"].Signed;

    /// <summary>Where the device memory is that an ioremap maps; null for others.</summary>
    public PhysicalAddress? Device => Details?["phys_addr"].Unsigned is { } address and not 0 ? new PhysicalAddress(address) : null;

    /// <summary>Whether an address lies in it.</summary>
    public bool Contains(VirtualAddress address) => address.Value >= Start.Value && address.Value < End.Value;
}
