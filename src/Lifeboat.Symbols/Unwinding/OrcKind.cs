namespace Lifeboat.Symbols.Unwinding;

/// <summary>What lies where an ORC entry leads to (ORC_TYPE_*), whatever number the kernel gives it.</summary>
internal enum OrcKind
{
    /// <summary>Nothing is known: code without unwind data.</summary>
    Undefined,

    /// <summary>There is no caller.</summary>
    EndOfStack,

    /// <summary>Just below it a return address.</summary>
    Call,

    /// <summary>There all registers (struct pt_regs).</summary>
    Registers,

    /// <summary>There what the processor pushes at an interrupt.</summary>
    InterruptFrame,

    /// <summary>A number that no kernel gives.</summary>
    Unknown,
}
