using Lifeboat.Core.Memory;

namespace Lifeboat.Symbols.Unwinding;

/// <summary>The stacks that an unwinding may lead over.</summary>
public sealed class KernelStacks
{
    private readonly KernelStack[] _stacks;

    /// <summary>These stacks; the order does not matter.</summary>
    public KernelStacks(IReadOnlyList<KernelStack> stacks)
    {
        ArgumentNullException.ThrowIfNull(stacks);
        _stacks = [.. stacks];
    }

    /// <summary>No stack is known: any memory is followed.</summary>
    public static KernelStacks None { get; } = new([]);

    /// <summary>All of them.</summary>
    public IReadOnlyList<KernelStack> All => _stacks;

    /// <summary>The stack that a stack pointer is on; null when it is on none.</summary>
    public KernelStack? Find(VirtualAddress stackPointer)
    {
        KernelStack? empty = null;
        foreach (KernelStack stack in _stacks)
        {
            if (stack.Holds(stackPointer))
            {
                if (stackPointer != stack.End)
                {
                    return stack;
                }

                // It is the end of this one, but may be the start of the next.
                empty = stack;
            }
        }

        return empty;
    }

    /// <summary>These and one more.</summary>
    public KernelStacks With(KernelStack? stack) => stack is null ? this : new KernelStacks([.. _stacks, stack]);
}
