namespace Lifeboat.Symbols.Unwinding;

/// <summary>What an ORC entry counts from (ORC_REG_*), whatever number the kernel gives it.</summary>
internal enum OrcRegister
{
    Undefined,
    PreviousStackPointer,
    Rax,
    Rdx,
    Rdi,
    Rbp,
    Rsp,
    R10,
    R13,
    RbpIndirect,
    RspIndirect,

    /// <summary>A number that no kernel gives.</summary>
    Unknown,
}
