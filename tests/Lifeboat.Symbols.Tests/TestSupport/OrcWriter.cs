using System.Buffers.Binary;
using Lifeboat.Symbols.Unwinding;

namespace Lifeboat.Symbols.Tests.TestSupport;

/// <summary>Writes ORC entries as each kernel lays them out.</summary>
internal static class OrcWriter
{
    private static readonly OrcRegister[] Old =
    [
        OrcRegister.Undefined, OrcRegister.PreviousStackPointer, OrcRegister.Rdx, OrcRegister.Rdi, OrcRegister.Rbp,
        OrcRegister.Rsp, OrcRegister.R10, OrcRegister.R13, OrcRegister.RbpIndirect, OrcRegister.RspIndirect,
    ];

    private static readonly OrcRegister[] New =
    [
        OrcRegister.Undefined, OrcRegister.Rax, OrcRegister.Rdx, OrcRegister.Rsp, OrcRegister.Rbp, OrcRegister.Rdi,
        OrcRegister.R10, OrcRegister.R13, OrcRegister.PreviousStackPointer, OrcRegister.RspIndirect, OrcRegister.RbpIndirect,
    ];

    internal static IReadOnlyList<OrcRegister> Registers(OrcFormat format) => format == OrcFormat.Linux71 ? New : Old;

    /// <summary>An entry; a base that the format does not know is an error of the test.</summary>
    internal static OrcEntry Entry(
        OrcKind kind,
        OrcRegister stackBase = OrcRegister.Undefined,
        int stackOffset = 0,
        OrcRegister frameBase = OrcRegister.Undefined,
        int frameOffset = 0,
        bool isSignal = false) =>
        new(kind, stackBase, (short)stackOffset, frameBase, (short)frameOffset, isSignal, IsIndirectFirst: true);

    internal static byte[] Write(OrcEntry entry, OrcFormat format)
    {
        byte[] bytes = new byte[OrcEntry.Size];
        BinaryPrimitives.WriteInt16LittleEndian(bytes, entry.StackOffset);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(2), entry.FrameOffset);
        int flags = Number(entry.StackBase, format) | (Number(entry.FrameBase, format) << 4);
        bool isEnd = entry.Kind == OrcKind.EndOfStack;
        flags |= format switch
        {
            >= OrcFormat.Linux64 => ((int)entry.Kind << 8) | (entry.IsSignal ? 1 << 11 : 0),
            OrcFormat.Linux63 => OldKind(entry.Kind) | (entry.IsSignal ? 1 << 10 : 0) | (isEnd ? 1 << 11 : 0),
            _ => OldKind(entry.Kind) | (isEnd ? 1 << 10 : 0),
        };
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(4), (ushort)flags);
        return bytes;
    }

    private static int OldKind(OrcKind kind) =>
        kind >= OrcKind.Call ? ((int)kind - (int)OrcKind.Call) << 8 : 0;

    private static int Number(OrcRegister register, OrcFormat format)
    {
        int number = Array.IndexOf(format == OrcFormat.Linux71 ? New : Old, register);
        Assert.True(number >= 0, $"{format} has no {register}");
        return number;
    }
}
