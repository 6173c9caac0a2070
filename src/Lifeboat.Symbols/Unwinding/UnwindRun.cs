using System.Diagnostics.CodeAnalysis;
using Lifeboat.Core;
using Lifeboat.Core.Memory;

namespace Lifeboat.Symbols.Unwinding;

/// <summary>One unwinding: where it is, and the frames so far.</summary>
/// <remarks>
/// It ends because every step goes up the stack it is on, leaves a stack for good, or comes to a stack pointer outside
/// of all stacks that it has not seen; and because the frames are counted.
/// </remarks>
internal sealed partial class UnwindRun
{
    private readonly StackMemory _memory;
    private readonly OrcTable _table;
    private readonly ReturnAddresses _returns;
    private readonly KernelSymbols _symbols;
    private readonly KernelStacks _stacks;
    private readonly VirtualAddress? _task;
    private readonly int _mostFrames;

    private readonly List<StackFrame> _frames = [];
    private readonly List<KernelStack> _left = [];
    private readonly HashSet<ulong> _outside = [];

    private ulong _ip;
    private ulong _sp;
    private ulong? _bp;
    private X64Registers? _registers;
    private bool _isInterrupted;
    private KernelStack? _stack;
    private StackEnd? _end;
    private X64Registers? _user;

    internal UnwindRun(
        StackMemory memory,
        OrcTable table,
        ReturnAddresses returns,
        KernelSymbols symbols,
        DumpLimits limits,
        KernelStacks stacks,
        VirtualAddress? task)
    {
        (_memory, _table, _returns, _symbols) = (memory, table, returns, symbols);
        (_stacks, _task) = (stacks, task);
        _mostFrames = limits.MaxStackFrames;
    }

    internal StackTrace Run(X64Registers registers, bool isInterrupted)
    {
        if (registers.IsUserMode)
        {
            ReachUserMode(registers);
        }
        else if (registers[X64Register.Rip] is { } ip && registers[X64Register.Rsp] is { } sp)
        {
            _stack = _stacks.Find(new VirtualAddress(sp));
            _ = _stack is null && _outside.Add(sp);
            (_sp, _bp) = (sp, registers[X64Register.Rbp]);
            Enter(ip, unchecked(sp - sizeof(ulong)), registers, isInterrupted, FrameGuess.None);
        }
        else
        {
            _end = new StackEnd(StackEndReason.Damaged, "the registers to begin with are not known");
        }

        while (_end is null)
        {
            if (_frames.Count >= _mostFrames)
            {
                _end = new StackEnd(StackEndReason.TooDeep, $"more than {_mostFrames} frames");
                break;
            }

            Step();
        }

        return new StackTrace(_frames, _end, _user);
    }

    private void Step()
    {
        VirtualAddress at = _frames[^1].LookupAddress;
        if (_frames[^1].IsTrampoline)
        {
            Guess(new StackEnd(StackEndReason.NoTableEntry, $"what the trampoline at {at} returns to is not known"));
            return;
        }

        OrcEntry entry = OrcEntry.NullCall;
        if (_ip != 0 && !_table.TryFind(at, out entry, out MemoryFault fault))
        {
            Guess(fault == MemoryFault.None
                ? new StackEnd(StackEndReason.NoTableEntry, $"no unwind table knows {at}")
                : new StackEnd(StackEndReason.Unreadable, $"the unwind table for {at}: {fault}"));
            return;
        }

        switch (entry.Kind)
        {
            case OrcKind.EndOfStack:
                _end = new StackEnd(StackEndReason.EndOfStack, $"nothing called {at}");
                break;
            case OrcKind.Undefined:
                Guess(new StackEnd(StackEndReason.NoTableEntry, $"the unwind table leaves out {at}"));
                break;
            case OrcKind.Unknown:
                Guess(new StackEnd(StackEndReason.Damaged, $"the unwind table's entry for {at} is of no known type"));
                break;
            default:
                if (!TryPlace(entry, at, out ulong place, out StackEnd? cause)
                    || !TryFollow(entry, place, out cause))
                {
                    Guess(cause);
                }

                break;
        }
    }

    /// <summary>What the entry's base and offset lead to.</summary>
    private bool TryPlace(
        OrcEntry entry,
        VirtualAddress at,
        out ulong place,
        [NotNullWhen(false)] out StackEnd? cause)
    {
        (place, cause) = (0, null);
        ulong offset = unchecked((ulong)entry.StackOffset);
        ulong? start = entry.StackBase switch
        {
            OrcRegister.Rsp or OrcRegister.RspIndirect => _sp,
            OrcRegister.Rbp or OrcRegister.RbpIndirect => _bp,
            OrcRegister.R10 => _registers?[X64Register.R10],
            OrcRegister.R13 => _registers?[X64Register.R13],
            OrcRegister.Rdi => _registers?[X64Register.Rdi],
            OrcRegister.Rdx => _registers?[X64Register.Rdx],
            OrcRegister.Rax => _registers?[X64Register.Rax],
            _ => null,
        };
        if (start is not { } from)
        {
            cause = new StackEnd(StackEndReason.Damaged, $"{at} needs {entry.StackBase}, which is not known");
            return false;
        }

        bool isAdded = entry.StackBase is OrcRegister.Rsp or OrcRegister.Rbp or OrcRegister.RbpIndirect
            || (entry.StackBase == OrcRegister.RspIndirect && !entry.IsIndirectFirst);
        place = isAdded ? unchecked(from + offset) : from;
        if (entry.StackBase is not (OrcRegister.RspIndirect or OrcRegister.RbpIndirect))
        {
            return true;
        }

        if (!_memory.TryWord(place, out ulong pointer, out MemoryFault fault))
        {
            cause = Unreadable(fault);
            return false;
        }

        place = isAdded ? pointer : unchecked(pointer + offset);
        return true;
    }

    private bool TryFollow(
        OrcEntry entry, ulong place, [NotNullWhen(false)] out StackEnd? cause) =>
        entry.Kind == OrcKind.Call ? TryReturn(entry, place, out cause) : TryResume(entry, place, out cause);

    /// <summary>To the caller, whose address lies below <paramref name="place"/>.</summary>
    private bool TryReturn(
        OrcEntry entry, ulong place, [NotNullWhen(false)] out StackEnd? cause)
    {
        cause = null;
        ulong slot = unchecked(place - sizeof(ulong));
        if (!_memory.TryWord(slot, out ulong ip, out MemoryFault fault))
        {
            cause = Unreadable(fault);
            return false;
        }

        if (!_table.MayBeCode(new VirtualAddress(ip)))
        {
            cause = new StackEnd(StackEndReason.Damaged, $"the return address 0x{ip:x} at 0x{slot:x} is not in code");
            return false;
        }

        ulong? bp = CallersFramePointer(entry, place, _bp);
        if (TryMove(place))
        {
            _bp = bp;
            Enter(ip, slot, null, entry.IsSignal, FrameGuess.None);
        }

        return true;
    }

    /// <summary>To the code that was interrupted, whose registers lie at <paramref name="place"/>.</summary>
    private bool TryResume(
        OrcEntry entry, ulong place, [NotNullWhen(false)] out StackEnd? cause)
    {
        cause = null;
        bool isWhole = entry.Kind == OrcKind.Registers;
        Span<byte> bytes = stackalloc byte[X64Registers.PtRegsSize];
        bytes = isWhole ? bytes : bytes[..X64Registers.InterruptFrameSize];
        if (_memory.Space.Read(new VirtualAddress(place), bytes, out MemoryFault fault) < bytes.Length)
        {
            cause = Unreadable(fault);
            return false;
        }

        // Code that has not saved the registers yet has not changed them either.
        X64Registers registers = isWhole ? X64Registers.FromPtRegs(bytes)
            : (_registers ?? X64Registers.None).WithInterruptFrame(bytes);
        if (registers.IsUserMode)
        {
            ReachUserMode(registers);
            return true;
        }

        ulong ip = registers[X64Register.Rip]!.Value;
        ulong sp = registers[X64Register.Rsp]!.Value;
        if (ip != 0 && !_table.MayBeCode(new VirtualAddress(ip)) && _stacks.Find(new VirtualAddress(sp)) is null)
        {
            cause = new StackEnd(
                StackEndReason.Damaged,
                $"the registers at 0x{place:x} are of no code and no stack: RIP 0x{ip:x}, RSP 0x{sp:x}");
            return false;
        }

        ulong? bp = CallersFramePointer(entry, place, isWhole ? registers[X64Register.Rbp] : _bp);
        if (TryMove(sp))
        {
            _bp = bp;
            Enter(ip, unchecked(sp - sizeof(ulong)), registers, entry.IsSignal, FrameGuess.None);
        }

        return true;
    }

    private ulong? CallersFramePointer(OrcEntry entry, ulong place, ulong? unchanged)
    {
        ulong offset = unchecked((ulong)entry.FrameOffset);
        return entry.FrameBase switch
        {
            OrcRegister.Undefined => unchanged,
            OrcRegister.PreviousStackPointer => Word(unchecked(place + offset)),
            OrcRegister.Rbp => _bp is { } bp ? Word(unchecked(bp + offset)) : null,
            _ => null,
        };
    }

    private ulong? Word(ulong address) => _memory.TryWord(address, out ulong value) ? value : null;

    /// <summary>Takes a new stack pointer, unless it leads back; then it is the end.</summary>
    private bool TryMove(ulong sp)
    {
        KernelStack? next = _stacks.Find(new VirtualAddress(sp));
        bool isBack = next is null ? !_outside.Add(sp)
            : next == _stack ? sp <= _sp
            : _left.Contains(next);
        if (isBack)
        {
            _end = new StackEnd(StackEndReason.Loop, $"the stack leads back from 0x{_sp:x} to 0x{sp:x}");
            return false;
        }

        if (_stack is not null && next != _stack)
        {
            _left.Add(_stack);
        }

        (_stack, _sp) = (next, sp);
        return true;
    }

    /// <summary>Adds the frame that the stack pointer has been moved to.</summary>
    private void Enter(ulong ip, ulong slot, X64Registers? registers, bool isInterrupted, FrameGuess guess)
    {
        var address = new VirtualAddress(ip);
        ReturnTrampoline trampoline = _returns.KindOf(address);
        bool isRecovered = trampoline != ReturnTrampoline.None
            && _returns.TryRecover(trampoline, _task, slot, out address);
        _ip = isRecovered ? address.Value : ip;
        (_registers, _isInterrupted) = (registers, isInterrupted);
        _frames.Add(new StackFrame(new VirtualAddress(_ip), new VirtualAddress(_sp))
        {
            IsInterrupted = isInterrupted,
            Guess = guess,
            Registers = registers,
            Stack = _stack,
            Trampoline = trampoline,
            IsRecovered = isRecovered,
        });
    }

    private void ReachUserMode(X64Registers registers)
    {
        _user = registers;
        _end = new StackEnd(StackEndReason.UserMode, $"user mode at {registers.InstructionPointer}");
    }

    private static StackEnd Unreadable(MemoryFault fault) =>
        new(StackEndReason.Unreadable, $"the stack: {fault}");
}
