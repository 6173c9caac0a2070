namespace Lifeboat.Symbols.Unwinding;

/// <summary>A register of an x86-64 processor, in the order of struct pt_regs.</summary>
public enum X64Register
{
    /// <summary>R15.</summary>
    R15,

    /// <summary>R14.</summary>
    R14,

    /// <summary>R13.</summary>
    R13,

    /// <summary>R12.</summary>
    R12,

    /// <summary>RBP, the frame pointer where code keeps one.</summary>
    Rbp,

    /// <summary>RBX.</summary>
    Rbx,

    /// <summary>R11.</summary>
    R11,

    /// <summary>R10.</summary>
    R10,

    /// <summary>R9.</summary>
    R9,

    /// <summary>R8.</summary>
    R8,

    /// <summary>RAX.</summary>
    Rax,

    /// <summary>RCX.</summary>
    Rcx,

    /// <summary>RDX.</summary>
    Rdx,

    /// <summary>RSI.</summary>
    Rsi,

    /// <summary>RDI.</summary>
    Rdi,

    /// <summary>The system call's number, an exception's error code or an interrupt's number (orig_ax).</summary>
    OriginalRax,

    /// <summary>The instruction pointer.</summary>
    Rip,

    /// <summary>The code segment, whose two lowest bits say whether it was user mode.</summary>
    Cs,

    /// <summary>The flags.</summary>
    Rflags,

    /// <summary>The stack pointer.</summary>
    Rsp,

    /// <summary>The stack segment.</summary>
    Ss,
}
