using System.Buffers.Binary;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Symbols.Types;
using Lifeboat.Vmcore.Paging;

namespace Lifeboat.Symbols.Unwinding;

/// <summary>Finds the stacks of a CPU and of a task by the kernel's symbols and types.</summary>
/// <remarks>
/// <para><b>Where they are.</b> The interrupt stack by <c>hardirq_stack_ptr</c>, which is a per-CPU variable, and from
/// 6.2 to 6.14 a member of another one, <c>pcpu_hot</c>; the exceptions' by <c>cea_exception_stacks</c>, whose type names
/// each; the entry stack from there, since both lie in struct cpu_entry_area.</para>
/// <para><b>Damage.</b> What is not found is left out; nothing throws.</para>
/// <para><b>Thread safety.</b> One thread at a time.</para>
/// </remarks>
public sealed class KernelStackFinder
{
    private const int StackAlignment = 16;
    private const int MostStacks = 32;
    private const ulong MostStackSize = 1 << 20;
    private const ulong KernelHalf = 1UL << 63;
    private const string Suffix = "_stack";

    private readonly AddressSpace _space;
    private readonly KernelSymbols _symbols;
    private readonly Btf? _types;
    private readonly TypeOffsets _offsets;
    private readonly int _interruptStackSize;
    private readonly int? _taskStack;
    private readonly VirtualAddress _cpuOffsets;

    /// <summary>Looks up what is the same for every CPU and task.</summary>
    /// <param name="space">The kernel's memory.</param>
    /// <param name="symbols">The kernel's symbols.</param>
    /// <param name="types">The kernel's types; without them nothing is found.</param>
    public KernelStackFinder(AddressSpace space, KernelSymbols symbols, Btf? types)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(symbols);
        (_space, _symbols, _types) = (space, symbols, types);
        _offsets = new TypeOffsets(types);
        int ofThread = _offsets.Size("thread_union") ?? SizeBetween("__start_init_stack", "__end_init_stack")
            ?? SizeBetween("__start_init_task", "__end_init_task") ?? 0;
        _interruptStackSize = _offsets.Size("irq_stack") ?? (space.IsArm64 ? ofThread : 0);
        _taskStack = _offsets.Member("task_struct", "stack");
        _ = symbols.TryFindAddress("__per_cpu_offset", out _cpuOffsets);
        TaskStackSize = new ByteCount((ulong)(_offsets.Size("thread_union") ?? (space.IsArm64 ? ofThread : _interruptStackSize)));
    }

    /// <summary>Bytes of a task's stack (THREAD_SIZE, as many as an interrupt stack's); zero when not known.</summary>
    public ByteCount TaskStackSize { get; }

    /// <summary>The stack of a task; null when it is not found.</summary>
    /// <param name="task">Its struct task_struct.</param>
    public KernelStack? OfTask(VirtualAddress task) =>
        _taskStack is { } offset && TaskStackSize != ByteCount.Zero
            && TryPointer(task + new ByteCount((ulong)offset), out VirtualAddress start)
            ? new KernelStack("task", KernelStackKind.Task, start, TaskStackSize) : null;

    /// <summary>The stacks of a CPU: interrupts', exceptions' and, on x86-64, entry.</summary>
    /// <param name="cpu">Its number.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public IReadOnlyList<KernelStack> OfCpu(int cpu)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cpu);
        var stacks = new List<KernelStack>();
        if (_cpuOffsets == VirtualAddress.Null
            || !TryPointer(_cpuOffsets + new ByteCount((ulong)cpu * sizeof(ulong)), out VirtualAddress offset))
        {
            return stacks;
        }

        AddInterruptStack(stacks, cpu, offset.Value);
        if (_space.IsArm64)
        {
            AddArm64Stacks(stacks, cpu, offset.Value);
        }

        if (TryPerCpu("cea_exception_stacks", 0, offset.Value, out VirtualAddress exceptions))
        {
            AddExceptionStacks(stacks, cpu, exceptions);
            AddEntryStack(stacks, cpu, exceptions);
        }

        return stacks;
    }

    /// <summary>The bytes between two symbols of the image, such as those around the first task's stack.</summary>
    private int? SizeBetween(string first, string last)
    {
        CodeRange range = CodeRange.Find(_symbols, first, last);
        return range.End > range.Start && range.End - range.Start <= MostStackSize ? (int)(range.End - range.Start) : null;
    }

    private void AddInterruptStack(List<KernelStack> stacks, int cpu, ulong offset)
    {
        if (_interruptStackSize == 0)
        {
            return;
        }

        // Up to 5.11 the pointer is the stack's end, later the last word.
        if (TryPerCpu("hardirq_stack_ptr", 0, offset, out VirtualAddress top)
            || (_offsets.Member("pcpu_hot", "hardirq_stack_ptr") is { } member
                && TryPerCpu("pcpu_hot", member, offset, out top)))
        {
            ulong end = unchecked(top.Value + StackAlignment - 1) & ~(ulong)(StackAlignment - 1);
            var size = new ByteCount((ulong)_interruptStackSize);
            Add(stacks, $"IRQ of CPU {cpu}", KernelStackKind.Interrupt, new VirtualAddress(end) - size, size);
        }
    }

    /// <summary>
    /// On arm64 <c>irq_stack_ptr</c> points to the lowest byte; an overflow of any stack is handled on <c>overflow_stack</c>.
    /// </summary>
    private void AddArm64Stacks(List<KernelStack> stacks, int cpu, ulong offset)
    {
        if (_interruptStackSize > 0 && TryPerCpu("irq_stack_ptr", 0, offset, out VirtualAddress start))
        {
            Add(stacks, $"IRQ of CPU {cpu}", KernelStackKind.Interrupt, start, new ByteCount((ulong)_interruptStackSize));
        }

        if (_symbols.TryFindAddress("overflow_stack", out VirtualAddress overflow))
        {
            var place = new VirtualAddress(unchecked(overflow.Value + offset));
            stacks.Add(new KernelStack($"overflow of CPU {cpu}", KernelStackKind.Exception, place, new ByteCount(Pfn.PageSize)));
        }
    }

    private void AddExceptionStacks(List<KernelStack> stacks, int cpu, VirtualAddress start)
    {
        try
        {
            if (_offsets.Find("cea_exception_stacks") is not { } type)
            {
                return;
            }

            foreach (BtfMember member in type.Members)
            {
                if (member.Name.EndsWith(Suffix, StringComparison.Ordinal) && stacks.Count < MostStacks
                    && _types!.TryGetSize(member.TypeId, out ByteCount size)
                    && size.Value is > 0 and <= TypeOffsets.LargestStructure
                    && member.ByteOffset is >= 0 and < TypeOffsets.LargestStructure)
                {
                    string name = $"{member.Name[..^Suffix.Length]} of CPU {cpu}";
                    Add(stacks, name, KernelStackKind.Exception, start + new ByteCount((ulong)member.ByteOffset), size);
                }
            }
        }
        catch (DumpFormatException)
        {
            // The types became unreadable: what was found stands.
            return;
        }
    }

    private void AddEntryStack(List<KernelStack> stacks, int cpu, VirtualAddress exceptions)
    {
        if (_offsets.Member("cpu_entry_area", "estacks") is { } estacks
            && _offsets.Member("cpu_entry_area", "entry_stack_page") is { } entry
            && _offsets.Size("entry_stack") is { } size)
        {
            ulong start = unchecked(exceptions.Value - (ulong)estacks + (ulong)entry);
            Add(
                stacks,
                $"entry of CPU {cpu}",
                KernelStackKind.Entry,
                new VirtualAddress(start),
                new ByteCount((ulong)size));
        }
    }

    // The variables of a CPU that is not there are whatever lies at their place.
    private static void Add(
        List<KernelStack> stacks, string name, KernelStackKind kind, VirtualAddress start, ByteCount size)
    {
        if (start.Value >= KernelHalf && start.Value % Pfn.PageSize == 0)
        {
            stacks.Add(new KernelStack(name, kind, start, size));
        }
    }

    // A per-CPU variable's address is a small number up to 6.14 and one of the image later: both are moved by the same.
    private bool TryPerCpu(string name, int member, ulong offset, out VirtualAddress value)
    {
        value = default;
        return _symbols.TryFindAddress(name, out VirtualAddress variable)
            && TryPointer(new VirtualAddress(unchecked(variable.Value + offset + (ulong)member)), out value);
    }

    private bool TryPointer(VirtualAddress address, out VirtualAddress value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        bool isRead = _space.Read(address, bytes, out _) == bytes.Length;
        value = new VirtualAddress(isRead ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0);
        return isRead && value != VirtualAddress.Null;
    }
}
