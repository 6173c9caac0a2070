using System.Buffers.Binary;
using Lifeboat.Symbols.Unwinding;

namespace Lifeboat.Symbols.Tests.Unwinding;

public sealed class X64RegistersTests
{
    [Fact]
    public void A_cpus_note_has_them_behind_what_is_known_of_the_process()
    {
        byte[] note = new byte[336];
        for (int i = 0; i < 21; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(note.AsSpan(112 + (8 * i)), 0x1000UL + (ulong)i);
        }

        X64Registers registers = X64Registers.FromProcessStatus(note)!;
        Assert.Equal(0x1010UL, registers.InstructionPointer!.Value.Value);
        Assert.Equal(0x1013UL, registers.StackPointer!.Value.Value);
        Assert.Equal(0x1004UL, registers[X64Register.Rbp]);
        Assert.Equal(0x1014UL, registers[X64Register.Ss]);
        Assert.True(registers.IsUserMode);
        Assert.Null(X64Registers.FromProcessStatus(note.AsSpan(0, 112 + 167)));
        _ = Assert.Throws<ArgumentException>(() => X64Registers.FromPtRegs(new byte[167]));
    }

    [Fact]
    public void What_is_not_known_is_null_and_a_change_makes_another()
    {
        X64Registers none = X64Registers.None;
        Assert.Null(none.InstructionPointer);
        Assert.False(none.IsUserMode);
        X64Registers one = none.With(X64Register.R10, 5);
        Assert.Equal((5UL, null), (one[X64Register.R10], none[X64Register.R10]));
        Assert.Null(one[(X64Register)99]);
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => one.With((X64Register)21, 0));
    }
}
