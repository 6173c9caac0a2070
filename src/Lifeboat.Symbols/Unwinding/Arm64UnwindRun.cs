using Lifeboat.Core.Memory;

namespace Lifeboat.Symbols.Unwinding;

/// <summary>One unwinding by frame pointers; it ends because no record is followed twice, and frames are counted.</summary>
internal sealed class Arm64UnwindRun(StackMemory memory, KernelStacks stacks, int mostFrames)
{
    private const ulong KernelBit = 1UL << 55; // chooses the kernel's tables; what is above may be a tag or a signature
    private const ulong MeansException = 2; // FRAME_META_TYPE_PT_REGS

    private readonly List<StackFrame> _frames = [];
    private readonly HashSet<ulong> _records = [];
    private StackEnd? _end;

    internal required ulong SignatureBits { get; init; }

    /// <summary>Where in struct pt_regs its record is; null when it is not known.</summary>
    internal required int? RecordInRegisters { get; init; }

    /// <summary>Whether a record of zeros is followed by what it means.</summary>
    internal required bool HasMeanings { get; init; }

    internal required ulong GraphTrampoline { get; init; }

    internal required List<ulong> ProbeTrampolines { get; init; }

    internal StackTrace Run(Arm64Registers registers, bool isInterrupted)
    {
        if (registers.IsUserMode)
        {
            _end = new StackEnd(StackEndReason.UserMode, "user mode");
        }
        else
        {
            Add(registers.InstructionPointer.Value, registers.StackPointer.Value, isInterrupted);
        }

        ulong record = registers.FramePointer.Value;
        while (_end is null)
        {
            Step(ref record);
        }

        return new StackTrace(_frames, _end, null);
    }

    private void Step(ref ulong record)
    {
        if (_frames.Count >= mostFrames)
        {
            _end = new StackEnd(StackEndReason.TooDeep, $"more than {mostFrames} frames");
        }
        else if ((record & KernelBit) == 0 || record % sizeof(ulong) != 0)
        {
            _end = new StackEnd(StackEndReason.Damaged, $"the frame pointer is 0x{record:x}");
        }
        else if (!_records.Add(record))
        {
            _end = new StackEnd(StackEndReason.Loop, $"the frame record at 0x{record:x} leads back to itself");
        }
        else if (!memory.TryWord(record, out ulong next, out MemoryFault fault)
            || !memory.TryWord(unchecked(record + sizeof(ulong)), out ulong returns, out fault))
        {
            _end = new StackEnd(StackEndReason.Unreadable, $"the frame record at 0x{record:x}: {fault}");
        }
        else if (next == 0 && returns == 0)
        {
            EndOrException(ref record);
        }
        else
        {
            returns = (returns & KernelBit) != 0 ? returns | SignatureBits : returns & ~SignatureBits;
            Add(returns, unchecked(record + (2 * sizeof(ulong))), IsInterrupted(record, returns));
            record = next;
        }
    }

    /// <summary>A record of zeros: the last one, or from 6.13 on what an exception left.</summary>
    private void EndOrException(ref ulong record)
    {
        if (HasMeanings && memory.TryWord(unchecked(record + (2 * sizeof(ulong))), out ulong meaning)
            && meaning == MeansException)
        {
            if (ReadRegisters(record) is { IsUserMode: false } interrupted)
            {
                Add(interrupted.InstructionPointer.Value, interrupted.StackPointer.Value, isInterrupted: true);
                record = interrupted.FramePointer.Value;
                return;
            }

            _end = new StackEnd(StackEndReason.Damaged, $"the registers around the frame record at 0x{record:x} make no sense");
            return;
        }

        _end = ReadRegisters(record) is { IsUserMode: true, InstructionPointer.Value: not 0 }
            ? new StackEnd(StackEndReason.UserMode, "user mode")
            : new StackEnd(StackEndReason.EndOfStack, "nothing called this");
    }

    /// <summary>Whether a record is that of an exception: the registers around it were saved at the same instruction.</summary>
    private bool IsInterrupted(ulong record, ulong returns) =>
        !HasMeanings && ReadRegisters(record) is { IsUserMode: false } registers && registers.InstructionPointer.Value == returns;

    private Arm64Registers? ReadRegisters(ulong record)
    {
        Span<byte> bytes = stackalloc byte[Arm64Registers.Size];
        return RecordInRegisters is { } offset
            && memory.Space.Read(new VirtualAddress(unchecked(record - (ulong)offset)), bytes, out _) == bytes.Length
            ? Arm64Registers.FromPtRegs(bytes) : null;
    }

    private void Add(ulong instruction, ulong stackPointer, bool isInterrupted) =>
        _frames.Add(new StackFrame(new VirtualAddress(instruction), new VirtualAddress(stackPointer))
        {
            IsInterrupted = isInterrupted,
            Stack = stacks.Find(new VirtualAddress(stackPointer)),
            Trampoline = instruction == 0 ? ReturnTrampoline.None
                : instruction == GraphTrampoline ? ReturnTrampoline.FunctionGraph
                : ProbeTrampolines.Contains(instruction) ? ReturnTrampoline.ReturnProbe
                : ReturnTrampoline.None,
        });
}
