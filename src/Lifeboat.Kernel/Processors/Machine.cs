using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Kernel.Processors;

/// <summary>The hardware as the kernel knew it, and where it put its memory.</summary>
/// <remarks><para>Each property reads memory anew. What cannot be read, or another architecture does not have, is null.</para></remarks>
public sealed class Machine
{
    private const uint MaxRanges = 3200; // E820_MAX_ENTRIES

    private readonly CrashedKernel _kernel;

    internal Machine(CrashedKernel kernel) => _kernel = kernel;

    /// <summary>What the first CPU calls itself.</summary>
    public string? CpuModel => Cpu()?.TextOf("x86_model_id", 64)?.Trim();

    /// <summary>Who made it: <c>GenuineIntel</c>.</summary>
    public string? CpuVendor => Cpu()?.TextOf("x86_vendor_id", 16);

    /// <summary>The frequency of its clock in kHz; zero when the kernel did not know.</summary>
    public ulong? CpuKilohertz => NumberOf("cpu_khz", "unsigned int");

    /// <summary>Bytes of a page.</summary>
    public ByteCount PageSize => new((ulong)_kernel.Dump.Vmcoreinfo.PageSize);

    /// <summary>Bytes of a stack of the kernel, of a task or a CPU's interrupts: on x86-64 they are of one size.</summary>
    public ByteCount? StackSize => _kernel.Types.TryFind("struct irq_stack", out KernelType? stack) && stack.Size > ByteCount.Zero
        ? stack.Size : null;

    /// <summary>Where all of RAM begins in the kernel's addresses.</summary>
    public VirtualAddress? DirectMap => _kernel.DirectMapOf(new PhysicalAddress(0));

    /// <summary>Where memory begins that the kernel puts together out of pages (vmalloc).</summary>
    public VirtualAddress? Vmalloc => Address("vmalloc_base");

    /// <summary>Where the records of pages begin (vmemmap).</summary>
    public VirtualAddress? Vmemmap => Address("vmemmap_base");

    /// <summary>Where the kernel's code begins.</summary>
    public VirtualAddress? Text => _kernel.Symbols.TryFindAddress("_stext", out VirtualAddress text) ? text : null;

    /// <summary>Where the stack is that a CPU's interrupts use; null when it has none of its own.</summary>
    public VirtualAddress? InterruptStack(int cpu)
    {
        // The end of the stack; its own variable but from 6.2 to 6.14.
        KernelObject? top = _kernel.TryFindPerCpu("hardirq_stack_ptr", cpu, out KernelObject? own) ? own
            : _kernel.TryFindPerCpu("pcpu_hot", cpu, out KernelObject? hot) && hot.TryGet("hardirq_stack_ptr", out own) ? own : null;
        return top?.Pointer is { Value: not 0 } address ? address : null;
    }

    /// <summary>What the firmware said of memory (e820); empty when the kernel does not have it.</summary>
    public IReadOnlyList<FirmwareRange> FirmwareMap()
    {
        var ranges = new List<FirmwareRange>();
        if (_kernel.Global("e820_table", "struct e820_table *")?.Follow() is { } table && table.Number("nr_entries") is { } count
            && table.TryGet("entries", out KernelObject? entries))
        {
            for (long i = 0; i < (long)Math.Min(count, MaxRanges); i++)
            {
                KernelObject entry = entries[i];
                if (entry.Number("addr") is not { } start || entry.Number("size") is not { } size
                    || entry.Number("type") is not { } kind || size > ulong.MaxValue - start)
                {
                    break;
                }

                ranges.Add(new FirmwareRange(new PhysicalAddress(start), new PhysicalAddress(start + size), kind));
            }
        }

        return ranges;
    }

    private KernelObject? Cpu() => _kernel.TryFindGlobal("boot_cpu_data", out KernelObject? cpu) ? cpu : null;

    private VirtualAddress? Address(string variable) =>
        NumberOf(variable, "unsigned long") is { } address ? new VirtualAddress(address) : null;

    private ulong? NumberOf(string variable, string type) => _kernel.Global(variable, type)?.Unsigned;
}
