namespace Lifeboat.Kexec.Tests.Support.Unicorn;

/// <summary>libunicorn's numbers of the registers that the tests look at.</summary>
internal enum X86Register
{
    CodeSegment = 11,
    DataSegment = 17,
    Flags = 25,
    ExtraSegment = 28,
    Rax = 35,
    Rbp = 36,
    Rbx = 37,
    Rcx = 38,
    Rdi = 39,
    Rdx = 40,
    Rip = 41,
    Rsi = 43,
    Rsp = 44,
    StackSegment = 49,
    Cr0 = 50,
    Cr3 = 53,
    Cr4 = 54,
    R8 = 106,
    R9 = 107,
    R10 = 108,
    R11 = 109,
    R12 = 110,
    R13 = 111,
    R14 = 112,
    R15 = 113,
}
