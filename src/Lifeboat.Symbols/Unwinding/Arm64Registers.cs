using System.Buffers.Binary;
using Lifeboat.Core.Memory;

namespace Lifeboat.Symbols.Unwinding;

/// <summary>The registers of an arm64 processor that a stack is unwound by.</summary>
/// <param name="InstructionPointer">PC.</param>
/// <param name="StackPointer">SP.</param>
/// <param name="FramePointer">X29: where the innermost frame record is.</param>
/// <param name="State">PSTATE, whose lowest bits are the exception level.</param>
public sealed record Arm64Registers(
    VirtualAddress InstructionPointer, VirtualAddress StackPointer, VirtualAddress FramePointer, ulong State)
{
    // offsetof(struct elf_prstatus, pr_reg); struct user_pt_regs is x0 to x30, sp, pc, pstate.
    private const int StatusRegisters = 112;
    private const int FrameOffset = 29 * sizeof(ulong);
    private const int StackOffset = 31 * sizeof(ulong);
    private const int InstructionOffset = 32 * sizeof(ulong);
    private const int StateOffset = 33 * sizeof(ulong);
    private const ulong LevelBits = 0xf;

    /// <summary>Bytes of the kernel's struct user_pt_regs, which struct pt_regs begins with.</summary>
    public const int Size = 34 * sizeof(ulong);

    /// <summary>Whether they are those of user mode (EL0).</summary>
    public bool IsUserMode => (State & LevelBits) == 0;

    /// <summary>The registers as the kernel saves them (struct user_pt_regs).</summary>
    /// <exception cref="ArgumentException">There are fewer than <see cref="Size"/> bytes.</exception>
    public static Arm64Registers FromPtRegs(ReadOnlySpan<byte> bytes) => bytes.Length >= Size
        ? new Arm64Registers(At(bytes, InstructionOffset), At(bytes, StackOffset), At(bytes, FrameOffset), At(bytes, StateOffset).Value)
        : throw new ArgumentException($"struct user_pt_regs has {Size} bytes", nameof(bytes));

    /// <summary>The registers out of a CPU's note (struct elf_prstatus); null when the note is too short.</summary>
    public static Arm64Registers? FromProcessStatus(ReadOnlySpan<byte> note) =>
        note.Length < StatusRegisters + Size ? null : FromPtRegs(note[StatusRegisters..]);

    private static VirtualAddress At(ReadOnlySpan<byte> bytes, int offset) =>
        new(BinaryPrimitives.ReadUInt64LittleEndian(bytes[offset..]));
}
