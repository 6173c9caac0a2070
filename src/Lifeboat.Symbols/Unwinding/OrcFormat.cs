namespace Lifeboat.Symbols.Unwinding;

/// <summary>
/// How an entry of the unwind tables is to be read (arch/x86/include/asm/orc_types.h); named after the first kernel
/// that writes it so.
/// </summary>
public enum OrcFormat
{
    /// <summary>4.14: a type of two bits, then the bit that ends a stack.</summary>
    Linux414,

    /// <summary>5.12: as before, but what lies at the stack pointer is read before the offset is added.</summary>
    Linux512,

    /// <summary>6.3: a bit for interrupted code between the type and the end.</summary>
    Linux63,

    /// <summary>6.4: a type of three bits that also says undefined and end of stack.</summary>
    Linux64,

    /// <summary>7.1: as before, with the registers numbered anew.</summary>
    Linux71,
}
