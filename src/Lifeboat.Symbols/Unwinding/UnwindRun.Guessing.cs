using Lifeboat.Core.Memory;

namespace Lifeboat.Symbols.Unwinding;

/// <summary>What is tried where the tables or the memory do not lead further.</summary>
internal sealed partial class UnwindRun
{
    private const ulong UnknownStackSize = 16 << 10;

    /// <summary>Finds some caller, or ends with why the tables led no further.</summary>
    /// <remarks>
    /// The kernel leaves some functions out of the tables on purpose; the commonest is __crash_kexec, where the CPU
    /// that crashed took its registers. Such a function is called directly, so that its return address is known by the
    /// call in front of it. Generated code (BPF) keeps a frame pointer; the kernel's own mostly does not, and RBP is then
    /// one of an outer frame: it would skip frames.
    /// </remarks>
    private void Guess(StackEnd cause)
    {
        (ulong start, ulong end) = Bounds();
        VirtualAddress at = _frames[^1].LookupAddress;
        bool isFound = TryBadCall();
        if (!isFound && _table.IsText(at))
        {
            VirtualAddress? function = _symbols.TryFind(at, out KernelSymbol? symbol, out _) ? symbol.Address : null;
            isFound = (function is not null && TryScan(start, end, FrameGuess.None, function))
                || TryScan(start, end, FrameGuess.Scan, null);
        }

        isFound = isFound || TryFramePointer(start, end) || TryScan(start, end, FrameGuess.LooseScan, null);
        if (!isFound)
        {
            _end ??= cause;
        }
    }

    /// <summary>What is left of the stack; when the stack has overflowed, the one just above.</summary>
    private (ulong Start, ulong End) Bounds()
    {
        ulong aligned = unchecked(_sp + sizeof(ulong) - 1) & ~(ulong)(sizeof(ulong) - 1);
        ulong nextPage = unchecked(_sp + Pfn.PageSize - 1) & ~(ulong)(Pfn.PageSize - 1);
        KernelStack? stack = _stack ?? _stacks.Find(new VirtualAddress(nextPage));
        if (stack is null)
        {
            ulong end = unchecked(aligned + UnknownStackSize) & ~(UnknownStackSize - 1);
            return (aligned, end > aligned ? end : aligned);
        }

        return (Math.Max(aligned, stack.Start.Value), stack.End.Value);
    }

    // A call to a bad address has pushed its return address and done nothing else.
    private bool TryBadCall() => _isInterrupted && !_table.MayBeCode(new VirtualAddress(_ip))
        && _memory.TryWord(_sp, out ulong ip) && IsReturn(ip) && TryTake(ip, _sp, _bp, FrameGuess.BadCall);

    private bool TryFramePointer(ulong start, ulong end) =>
        _bp is { } bp && bp % sizeof(ulong) == 0 && bp >= start && bp < end && end - bp >= 2 * sizeof(ulong)
        && _memory.TryWord(bp, out ulong callersBp) && _memory.TryWord(bp + sizeof(ulong), out ulong ip)
        && IsReturn(ip) && TryTake(ip, bp + sizeof(ulong), callersBp, FrameGuess.FramePointer);

    private bool TryScan(ulong start, ulong end, FrameGuess guess, VirtualAddress? callee)
    {
        for (ulong slot = start; slot < end && _end is null;)
        {
            if (!_memory.TryWord(slot, out ulong ip))
            {
                ulong next = (slot | (Pfn.PageSize - 1)) + 1;
                if (next <= slot)
                {
                    return false;
                }

                slot = next;
                continue;
            }

            // What RBP points to must be above: below it is a frame that is gone.
            ulong? bp = _bp > slot ? _bp : null;
            bool isIt = IsReturn(ip) && (callee is not null ? _memory.IsCallOf(new VirtualAddress(ip), callee.Value)
                : guess == FrameGuess.LooseScan || HasCaller(ip, slot + sizeof(ulong), bp, end));
            if (isIt && TryTake(ip, slot, bp, guess))
            {
                return true;
            }

            slot += sizeof(ulong);
        }

        return false;
    }

    private bool IsReturn(ulong value)
    {
        var address = new VirtualAddress(value);
        return _returns.KindOf(address) != ReturnTrampoline.None
            || (_table.IsText(address) && _memory.MayFollowCall(address));
    }

    /// <summary>Whether a frame that was guessed leads to a return address again, to registers or to an end.</summary>
    private bool HasCaller(ulong ip, ulong sp, ulong? bp, ulong end)
    {
        if (!_table.TryFind(new VirtualAddress(unchecked(ip - 1)), out OrcEntry entry, out _))
        {
            return false;
        }

        ulong? place = entry.StackBase switch
        {
            OrcRegister.Rsp => unchecked(sp + (ulong)entry.StackOffset),
            OrcRegister.Rbp when bp is not null => unchecked(bp + (ulong)entry.StackOffset),
            _ => null,
        };
        return entry.Kind switch
        {
            OrcKind.EndOfStack => true,
            OrcKind.Registers => place is { } at && at >= sp && at < end,
            OrcKind.Call => place is { } at && at > sp && at <= end
                && _memory.TryWord(at - sizeof(ulong), out ulong caller) && IsReturn(caller),
            _ => false,
        };
    }

    private bool TryTake(ulong ip, ulong slot, ulong? bp, FrameGuess guess)
    {
        if (!TryMove(unchecked(slot + sizeof(ulong))))
        {
            return false;
        }

        _bp = bp;
        Enter(ip, slot, null, isInterrupted: false, guess);
        return true;
    }
}
