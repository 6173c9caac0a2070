using System.Buffers.Binary;

namespace Lifeboat.Symbols.Unwinding;

/// <summary>How to find the caller of a stretch of code (struct orc_entry), the same for all formats.</summary>
/// <param name="Kind">What the place holds.</param>
/// <param name="StackBase">What the place is counted from.</param>
/// <param name="StackOffset">How far from there it is.</param>
/// <param name="FrameBase">What the place of the caller's RBP is counted from; undefined when RBP is unchanged.</param>
/// <param name="FrameOffset">How far from there it is.</param>
/// <param name="IsSignal">Whether the caller was interrupted rather than calling.</param>
/// <param name="IsIndirectFirst">Whether the offset counts from what an indirect base points to.</param>
internal readonly record struct OrcEntry(
    OrcKind Kind,
    OrcRegister StackBase,
    short StackOffset,
    OrcRegister FrameBase,
    short FrameOffset,
    bool IsSignal,
    bool IsIndirectFirst)
{
    internal const int Size = 6;

    /// <summary>
    /// Code at address 0: a call through a null pointer, which has pushed its return address and done nothing else.
    /// </summary>
    internal static OrcEntry NullCall => new(
        OrcKind.Call, OrcRegister.Rsp, sizeof(long), OrcRegister.Undefined, 0, IsSignal: false, IsIndirectFirst: false);

    internal static OrcEntry Parse(ReadOnlySpan<byte> bytes, OrcFormat format)
    {
        ushort flags = BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]);
        OrcRegister stackBase = RegisterOf(flags & 0xf, format);
        return new OrcEntry(
            KindOf(flags, format, stackBase),
            stackBase,
            BinaryPrimitives.ReadInt16LittleEndian(bytes),
            RegisterOf((flags >> 4) & 0xf, format),
            BinaryPrimitives.ReadInt16LittleEndian(bytes[2..]),
            IsSignalOf(flags, format),
            format != OrcFormat.Linux414);
    }

    private static OrcKind KindOf(ushort flags, OrcFormat format, OrcRegister stackBase)
    {
        if (format >= OrcFormat.Linux64)
        {
            return ((flags >> 8) & 7) switch
            {
                0 => OrcKind.Undefined,
                1 => OrcKind.EndOfStack,
                2 => OrcKind.Call,
                3 => OrcKind.Registers,
                4 => OrcKind.InterruptFrame,
                _ => OrcKind.Unknown,
            };
        }

        int endBit = format == OrcFormat.Linux63 ? 1 << 11 : 1 << 10;
        if (stackBase == OrcRegister.Undefined)
        {
            return (flags & endBit) != 0 ? OrcKind.EndOfStack : OrcKind.Undefined;
        }

        return ((flags >> 8) & 3) switch
        {
            0 => OrcKind.Call,
            1 => OrcKind.Registers,
            2 => OrcKind.InterruptFrame,
            _ => OrcKind.Unknown,
        };
    }

    private static bool IsSignalOf(ushort flags, OrcFormat format) => format switch
    {
        OrcFormat.Linux414 or OrcFormat.Linux512 => ((flags >> 8) & 3) is 1 or 2,
        OrcFormat.Linux63 => (flags & (1 << 10)) != 0,
        _ => (flags & (1 << 11)) != 0,
    };

    private static OrcRegister RegisterOf(int number, OrcFormat format) => format == OrcFormat.Linux71
        ? number switch
        {
            0 => OrcRegister.Undefined,
            1 => OrcRegister.Rax,
            2 => OrcRegister.Rdx,
            3 => OrcRegister.Rsp,
            4 => OrcRegister.Rbp,
            5 => OrcRegister.Rdi,
            6 => OrcRegister.R10,
            7 => OrcRegister.R13,
            8 => OrcRegister.PreviousStackPointer,
            9 => OrcRegister.RspIndirect,
            10 => OrcRegister.RbpIndirect,
            _ => OrcRegister.Unknown,
        }
        : number switch
        {
            0 => OrcRegister.Undefined,
            1 => OrcRegister.PreviousStackPointer,
            2 => OrcRegister.Rdx,
            3 => OrcRegister.Rdi,
            4 => OrcRegister.Rbp,
            5 => OrcRegister.Rsp,
            6 => OrcRegister.R10,
            7 => OrcRegister.R13,
            8 => OrcRegister.RbpIndirect,
            9 => OrcRegister.RspIndirect,
            _ => OrcRegister.Unknown,
        };
}
