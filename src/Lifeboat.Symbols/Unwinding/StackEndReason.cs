namespace Lifeboat.Symbols.Unwinding;

/// <summary>Why a stack goes no further.</summary>
public enum StackEndReason
{
    /// <summary>Up there is user mode; <see cref="StackTrace.UserRegisters"/> has its registers.</summary>
    UserMode,

    /// <summary>The tables say that nothing called this code: a kernel thread's first function, or a CPU's.</summary>
    EndOfStack,

    /// <summary>The tables say nothing about the code, and no guess led further.</summary>
    NoTableEntry,

    /// <summary>Memory that is needed is not in the dump, and no guess led further.</summary>
    Unreadable,

    /// <summary>What stands there contradicts itself, and no guess led further.</summary>
    Damaged,

    /// <summary>It leads back to where it has been.</summary>
    Loop,

    /// <summary>There are more frames than are believed.</summary>
    TooDeep,

    /// <summary>There is no stack any more: the task has ended, and the kernel has taken its stack back.</summary>
    Freed,
}
