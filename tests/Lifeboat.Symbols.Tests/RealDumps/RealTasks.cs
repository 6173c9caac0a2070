using System.Buffers.Binary;
using Lifeboat.Core.Memory;
using Lifeboat.Symbols.Types;
using Lifeboat.Symbols.Unwinding;
using Lifeboat.Vmcore;

namespace Lifeboat.Symbols.Tests.RealDumps;

/// <summary>The tasks of a dump and their stacks.</summary>
internal sealed class RealTasks
{
    private readonly RealKernel _kernel;
    private readonly BtfLayouts _layouts;
    private readonly IReadOnlyList<CpuNote> _notes;

    internal RealTasks(RealKernel kernel)
    {
        _kernel = kernel;
        Types = Btf.Open(kernel.Space, kernel.Symbols);
        _layouts = new BtfLayouts(Types);
        _notes = CpuNote.Read(kernel.Dump);
        Table = OrcTable.Open(kernel.Space, kernel.Symbols, Types);
        Unwinder = new StackUnwinder(kernel.Space, kernel.Symbols, Types, Table);
        Stacks = new KernelStackFinder(kernel.Space, kernel.Symbols, Types);
        Namer = new FrameNamer(kernel.Symbols, Table);
    }

    internal Btf Types { get; }

    internal OrcTable Table { get; }

    internal StackUnwinder Unwinder { get; }

    internal KernelStackFinder Stacks { get; }

    internal FrameNamer Namer { get; }

    internal int Cpus => _notes.Count;

    /// <summary>All threads of all processes but the CPUs' idle tasks, which are in no list.</summary>
    internal IEnumerable<ulong> All()
    {
        Assert.True(_kernel.Symbols.TryFindAddress("init_task", out VirtualAddress init));
        int tasks = Offset("task_struct", "tasks");
        int node = Offset("task_struct", "thread_node");
        int signal = Offset("task_struct", "signal");
        int head = Offset("signal_struct", "thread_head");
        for (ulong leader = Word(init.Value + (ulong)tasks) - (ulong)tasks; leader != init.Value;
            leader = Word(leader + (ulong)tasks) - (ulong)tasks)
        {
            ulong threads = Word(leader + (ulong)signal) + (ulong)head;
            for (ulong link = Word(threads); link != threads; link = Word(link))
            {
                yield return link - (ulong)node;
            }
        }
    }

    /// <summary>What runs on a CPU, which may be its idle task.</summary>
    internal ulong CurrentOf(int cpu) => OfRunQueue(cpu, "curr");

    internal ulong IdleOf(int cpu) => OfRunQueue(cpu, "idle");

    /// <summary>Whether a task has a stack still: one that has ended and that nobody has asked after has none.</summary>
    internal bool HasStack(ulong task) => Stacks.OfTask(new VirtualAddress(task)) is not null;

    internal StackTrace Unwind(ulong task, int? cpu = null)
    {
        var address = new VirtualAddress(task);
        KernelStack? own = Stacks.OfTask(address);
        Assert.NotNull(own);
        var stacks = new KernelStacks([own]);
        for (int i = 0; i < _notes.Count && cpu is null; i++)
        {
            cpu = CurrentOf(i) == task ? i : null;
        }

        if (cpu is not { } on)
        {
            return Unwinder.UnwindBlocked(address, stacks);
        }

        foreach (KernelStack stack in Stacks.OfCpu(on))
        {
            stacks = stacks.With(stack);
        }

        X64Registers? registers = X64Registers.FromProcessStatus(_notes[on].Content.Span);
        Assert.NotNull(registers);
        return Unwinder.Unwind(registers, stacks, address);
    }

    private ulong OfRunQueue(int cpu, string member)
    {
        Assert.True(_kernel.Symbols.TryFindAddress("__per_cpu_offset", out VirtualAddress offsets));
        Assert.True(_kernel.Symbols.TryFindAddress("runqueues", out VirtualAddress queues));
        ulong queue = unchecked(queues.Value + Word(offsets.Value + (8 * (ulong)cpu)));
        return Word(queue + (ulong)Offset("rq", member));
    }

    private int Offset(string structure, string member)
    {
        Assert.True(_layouts.TryGetOffset(structure, member, out int bytes), $"{structure}.{member}");
        return bytes;
    }

    private ulong Word(ulong address)
    {
        byte[] bytes = new byte[8];
        Assert.Equal(8, _kernel.Space.Read(new VirtualAddress(address), bytes, out MemoryFault fault));
        Assert.Equal(MemoryFault.None, fault);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }
}
