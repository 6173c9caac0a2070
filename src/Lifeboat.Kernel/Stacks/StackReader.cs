using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Tasks;
using Lifeboat.Symbols.Types;
using Lifeboat.Symbols.Unwinding;
using Lifeboat.Vmcore;

namespace Lifeboat.Kernel.Stacks;

/// <summary>Unwinds the stacks of tasks: of a blocked one from where it stopped, of a running one from its CPU's note.</summary>
internal sealed class StackReader
{
    private readonly CrashedKernel _kernel;
    private readonly CpuUnwinder _unwinder;
    private readonly KernelStackFinder _stacks;
    private readonly FrameNamer _namer;
    private readonly Dictionary<VirtualAddress, int> _running = [];
    private readonly Dictionary<int, CpuNote> _notes = [];

    private StackReader(CrashedKernel kernel, Btf types, CpuUnwinder unwinder)
    {
        _kernel = kernel;
        _unwinder = unwinder;
        _stacks = new KernelStackFinder(kernel.Space, kernel.Symbols, types);
        _namer = new FrameNamer(kernel.Symbols, unwinder.Table, FindInModule);
        foreach (int cpu in kernel.Cpus)
        {
            if (kernel.CurrentOf(cpu) is { } current)
            {
                _running.TryAdd(current.Address, cpu);
            }
        }

        ReadNotes();
    }

    /// <summary>A reader; null, with a reason, for a kernel without unwind tables.</summary>
    internal static StackReader? TryOpen(CrashedKernel kernel, Btf types, DumpLimits limits, out Diagnostic? reason)
    {
        reason = null;
        try
        {
            CpuUnwinder unwinder = kernel.Space.IsArm64 ? new Arm64CpuUnwinder(kernel, types, limits)
                : new X64CpuUnwinder(kernel, types, OrcTable.Open(kernel.Space, kernel.Symbols, types, limits), limits);
            return new StackReader(kernel, types, unwinder);
        }
        catch (DumpFormatException e)
        {
            reason = e.Diagnostics[0];
            return null;
        }
    }

    internal TaskStack Read(KernelTask task)
    {
        int? cpu = _running.TryGetValue(task.Address, out int on) ? on : null;
        if (cpu is null && IsFreed(task))
        {
            return new TaskStack([], new StackEnd(StackEndReason.Freed, "the task has ended, and its stack was freed"), null, null);
        }

        KernelStacks stacks = KernelStacks.None.With(_stacks.OfTask(task.Address));
        return cpu is { } running && FromNote(running, stacks, task.Address) is { } trace ? Name(trace, cpu)
            : Name(_unwinder.UnwindBlocked(task.Address, stacks), cpu);
    }

    /// <summary>What a CPU was doing, whatever task it ran; null when it left no registers.</summary>
    internal TaskStack? ReadCpu(int cpu) =>
        FromNote(cpu, KernelStacks.None, null) is { } trace ? Name(trace, cpu) : null;

    private StackTrace? FromNote(int cpu, KernelStacks stacks, VirtualAddress? task)
    {
        if (!_notes.TryGetValue(cpu, out CpuNote? note))
        {
            return null;
        }

        foreach (KernelStack stack in _stacks.OfCpu(cpu))
        {
            stacks = stacks.With(stack);
        }

        return _unwinder.UnwindNote(note.Content.Span, stacks, task);
    }

    // Whoever gets the memory next has its calls there, and until then those of the task's end are still to be read.
    private static bool IsFreed(KernelTask task) =>
        (task.Object.TryGet("stack_refcount.refs.counter", out KernelObject? users) && users.Unsigned is 0)
        || task.StackBase is { Value: 0 };

    private TaskStack Name(StackTrace trace, int? cpu)
    {
        var frames = new List<NamedFrame>();
        foreach (StackFrame frame in trace.Frames)
        {
            frames.Add(new NamedFrame(_namer.Name(frame), frame));
        }

        return new TaskStack(frames, trace.End, cpu, trace.UserRegisters);
    }

    private ModuleSymbol? FindInModule(VirtualAddress address) =>
        _kernel.Names.TryFindInModule(address, out SymbolPlace? place)
            ? new ModuleSymbol(place.Module!.Name ?? "?", place.Symbol) : null;

    private void ReadNotes()
    {
        // A note has no number: CPUs that were offline, or did not answer, have none.
        IReadOnlyList<CpuNote> notes = CpuNote.Read(_kernel.Dump);
        IReadOnlyList<int> cpus = _kernel.OnlineCpus.Count == notes.Count ? _kernel.OnlineCpus : _kernel.Cpus;
        for (int i = 0; i < notes.Count && (i < cpus.Count || cpus.Count == 0); i++)
        {
            // Where the CPUs are not known, notes are counted as if none were missing.
            _notes.Add(cpus.Count == 0 ? i : cpus[i], notes[i]);
        }
    }
}
