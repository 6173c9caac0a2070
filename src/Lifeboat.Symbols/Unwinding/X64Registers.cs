using System.Buffers.Binary;
using Lifeboat.Core.Memory;

namespace Lifeboat.Symbols.Unwinding;

/// <summary>What is known of the registers of an x86-64 processor at one place.</summary>
/// <remarks>Immutable, and so safe for several threads.</remarks>
public sealed class X64Registers
{
    /// <summary>Bytes of the kernel's struct pt_regs.</summary>
    public const int PtRegsSize = 21 * sizeof(ulong);

    /// <summary>Bytes of what the processor pushes at an interrupt: RIP, CS, flags, RSP and SS.</summary>
    internal const int InterruptFrameSize = 5 * sizeof(ulong);

    // offsetof(struct elf_prstatus, pr_reg); struct pt_regs is the beginning of what stands there.
    private const int StatusRegisters = 112;
    private const int Count = (int)X64Register.Ss + 1;

    private readonly ulong[] _values = new ulong[Count];
    private uint _known;

    private X64Registers()
    {
    }

    private X64Registers(X64Registers other)
    {
        other._values.CopyTo(_values, 0);
        _known = other._known;
    }

    /// <summary>Nothing is known.</summary>
    public static X64Registers None { get; } = new();

    /// <summary>Whether they are those of user mode; false when CS is not known.</summary>
    public bool IsUserMode => (this[X64Register.Cs] & 3) is > 0;

    /// <summary>The instruction pointer; null when it is not known.</summary>
    public VirtualAddress? InstructionPointer => this[X64Register.Rip] is { } value ? new VirtualAddress(value) : null;

    /// <summary>The stack pointer; null when it is not known.</summary>
    public VirtualAddress? StackPointer => this[X64Register.Rsp] is { } value ? new VirtualAddress(value) : null;

    /// <summary>The content of a register; null when it is not known.</summary>
    public ulong? this[X64Register register] =>
        (uint)register < Count && (_known & (1u << (int)register)) != 0 ? _values[(int)register] : null;

    /// <summary>The registers as the kernel saves them (struct pt_regs).</summary>
    /// <exception cref="ArgumentException">There are fewer than <see cref="PtRegsSize"/> bytes.</exception>
    public static X64Registers FromPtRegs(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < PtRegsSize)
        {
            throw new ArgumentException($"struct pt_regs has {PtRegsSize} bytes", nameof(bytes));
        }

        var registers = new X64Registers();
        registers.Fill(bytes, X64Register.R15, X64Register.Ss);
        return registers;
    }

    /// <summary>The registers out of a CPU's note (struct elf_prstatus); null when the note is too short.</summary>
    public static X64Registers? FromProcessStatus(ReadOnlySpan<byte> note) =>
        note.Length < StatusRegisters + PtRegsSize ? null : FromPtRegs(note[StatusRegisters..]);

    /// <summary>The same with one register changed.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such register.</exception>
    public X64Registers With(X64Register register, ulong value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)register, (uint)Count, nameof(register));
        var changed = new X64Registers(this);
        changed._values[(int)register] = value;
        changed._known |= 1u << (int)register;
        return changed;
    }

    /// <summary>The same with what the processor pushed at an interrupt.</summary>
    internal X64Registers WithInterruptFrame(ReadOnlySpan<byte> bytes)
    {
        var changed = new X64Registers(this);
        changed.Fill(bytes, X64Register.Rip, X64Register.Ss);
        return changed;
    }

    private void Fill(ReadOnlySpan<byte> bytes, X64Register first, X64Register last)
    {
        for (int i = (int)first; i <= (int)last; i++)
        {
            _values[i] = BinaryPrimitives.ReadUInt64LittleEndian(bytes[((i - (int)first) * sizeof(ulong))..]);
            _known |= 1u << i;
        }
    }
}
