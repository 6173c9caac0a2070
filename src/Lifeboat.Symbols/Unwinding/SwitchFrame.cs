using System.Buffers.Binary;
using Lifeboat.Core.Memory;

namespace Lifeboat.Symbols.Unwinding;

/// <summary>
/// What __switch_to_asm pushes where a task is switched away (struct inactive_task_frame), and thread.sp points to.
/// </summary>
internal sealed class SwitchFrame
{
    private const int LastRegister = (int)X64Register.Rip;

    private readonly StackMemory _memory;
    private readonly int? _pointer;
    private readonly int _size;
    private readonly int?[] _places = new int?[LastRegister + 1];

    internal SwitchFrame(StackMemory memory, TypeOffsets types)
    {
        const string Frame = "inactive_task_frame";
        _memory = memory;
        _pointer = types.Member("task_struct", "thread.sp");
        _size = types.Size(Frame) is { } size and <= Pfn.PageSize ? size : 0;
        Find(types, Frame, X64Register.Rip, "ret_addr");
        Find(types, Frame, X64Register.Rbp, "bp");
        Find(types, Frame, X64Register.Rbx, "bx");
        Find(types, Frame, X64Register.R12, "r12");
        Find(types, Frame, X64Register.R13, "r13");
        Find(types, Frame, X64Register.R14, "r14");
        Find(types, Frame, X64Register.R15, "r15");
    }

    /// <summary>The registers of a task that is not on a CPU, its instruction and stack pointers at least.</summary>
    internal X64Registers? Read(VirtualAddress task, out StackEnd? failure)
    {
        failure = null;
        if (_pointer is not { } pointer || _size == 0 || _places[(int)X64Register.Rip] is null)
        {
            failure = new StackEnd(StackEndReason.Damaged, "the kernel's types do not say where a task goes on");
            return null;
        }

        byte[] bytes = new byte[_size];
        if (!_memory.TryWord((task + new ByteCount((ulong)pointer)).Value, out ulong start, out MemoryFault fault)
            || _memory.Space.Read(new VirtualAddress(start), bytes, out fault) < _size)
        {
            failure = new StackEnd(StackEndReason.Unreadable, $"where the task was switched away: {fault}");
            return null;
        }

        X64Registers registers = X64Registers.None.With(X64Register.Rsp, unchecked(start + (ulong)_size));
        for (int i = 0; i <= LastRegister; i++)
        {
            if (_places[i] is { } place)
            {
                ulong value = BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(place));
                registers = registers.With((X64Register)i, value);
            }
        }

        return registers;
    }

    private void Find(TypeOffsets types, string frame, X64Register register, string member) =>
        _places[(int)register] =
            types.Member(frame, member) is { } place && place <= _size - sizeof(ulong) ? place : null;
}
