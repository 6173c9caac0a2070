namespace Lifeboat.Symbols.Unwinding;

/// <summary>What a kernel stack is for.</summary>
public enum KernelStackKind
{
    /// <summary>A task's own.</summary>
    Task,

    /// <summary>A CPU's for interrupts, soft ones too.</summary>
    Interrupt,

    /// <summary>A CPU's for one kind of exception, such as a double fault, an NMI or a machine check.</summary>
    Exception,

    /// <summary>A CPU's for the first steps from user mode.</summary>
    Entry,
}
