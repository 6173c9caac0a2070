using Lifeboat.Core.Memory;

namespace Lifeboat.Symbols.Unwinding;

/// <summary>What is tried where the tables or the memory do not lead further.</summary>
internal sealed partial class UnwindRun
{
    private const ulong UnknownStackSize = 16 << 10;

    /// <summary>Finds some caller, or ends with why the tables led no further.</summary>
    private void Guess(StackEnd cause)
    {
        (ulong start, ulong end) = Bounds();
        if (!TryBadCall() && !TryFramePointer(start, end) && !TryScan(start, end))
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
        && _memory.TryWord(_sp, out ulong ip) && TryGuess(ip, _sp, _bp, FrameGuess.BadCall);

    private bool TryFramePointer(ulong start, ulong end) =>
        _bp is { } bp && bp % sizeof(ulong) == 0 && bp >= start && bp < end && end - bp >= 2 * sizeof(ulong)
        && _memory.TryWord(bp, out ulong callersBp) && _memory.TryWord(bp + sizeof(ulong), out ulong ip)
        && TryGuess(ip, bp + sizeof(ulong), callersBp, FrameGuess.FramePointer);

    private bool TryScan(ulong start, ulong end)
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

            if (TryGuess(ip, slot, null, FrameGuess.Scan))
            {
                return true;
            }

            slot += sizeof(ulong);
        }

        return false;
    }

    private bool TryGuess(ulong ip, ulong slot, ulong? bp, FrameGuess guess)
    {
        var address = new VirtualAddress(ip);
        bool isReturn = _returns.KindOf(address) != ReturnTrampoline.None
            || (_table.IsText(address) && _memory.MayFollowCall(address));
        if (!isReturn || !TryMove(unchecked(slot + sizeof(ulong))))
        {
            return false;
        }

        _bp = bp;
        Enter(ip, slot, null, isInterrupted: false, guess);
        return true;
    }
}
