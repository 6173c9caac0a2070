using System.Text;
using Lifeboat.Core.Memory;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Stacks;
using Lifeboat.Symbols.Unwinding;

namespace Lifeboat.Inspect;

/// <summary>Reads where it happened out of the stack of the task that it happened to.</summary>
internal static class SiteReader
{
    // As many as the kernel prints (arch/x86/kernel/dumpstack.c).
    private const int BytesBefore = 42;
    private const int Bytes = 64;

    /// <summary>The site.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="panic">What happened.</param>
    /// <param name="stack">The stack of the CPU that crashed, or of the task that was blocked.</param>
    /// <param name="frames">The same as text.</param>
    internal static CrashSite Read(CrashedKernel kernel, PanicSummary panic, TaskStack stack, IReadOnlyList<string> frames)
    {
        int index = IndexOf(panic.Kind, stack, frames);
        bool isInterruption = CrashPlaces.IsInterruption(panic.Kind);
        StackFrame? frame = index < frames.Count ? stack.Frames[index].Frame : null;
        bool isInstruction = isInterruption && frame?.IsInterrupted == true;
        X64Registers? registers = isInstruction ? frame!.Registers
            : frame is null ? stack.UserRegisters : stack.Frames.Count > 0 ? stack.Frames[0].Frame.Registers : null;
        return new CrashSite
        {
            Place = frame is null ? null : frames[index],
            IsInstruction = isInstruction,
            Code = isInstruction ? CodeAt(kernel, frame!.InstructionPointer) : null,
            FaultAddress = panic.FaultAddress is { } address ? $"0x{address.Value:x}" : null,
            FaultAddressIs = panic.FaultAddress is { } fault ? kernel.Memory.OriginOf(fault, kernel.CrashedTask).Text : null,
            Registers = registers is null ? [] : ToList(registers),
            Frames = [.. frames.Skip(index)],
        };
    }

    // Where an oops hands its registers on, the stack begins at the place; otherwise with what reports the crash.
    private static int IndexOf(PanicKind kind, TaskStack stack, IReadOnlyList<string> frames)
    {
        bool isInterruption = CrashPlaces.IsInterruption(kind);
        for (int i = 0; i < frames.Count; i++)
        {
            if (isInterruption && i > 0 && stack.Frames[i].Frame.IsInterrupted)
            {
                return i;
            }

            if (CrashSignature.FunctionOf(frames[i]) is { } function && !CrashPlaces.IsReporter(function)
                && !CrashPlaces.IsScheduler(function) && (i == 0 || !isInterruption))
            {
                return i;
            }
        }

        return stack.UserRegisters is null ? 0 : frames.Count;
    }

    private static string CodeAt(CrashedKernel kernel, VirtualAddress place)
    {
        var text = new StringBuilder(Bytes * 3);
        Span<byte> one = stackalloc byte[1];
        for (int i = 0; i < Bytes; i++)
        {
            bool isRead = kernel.Space.Read(new VirtualAddress(unchecked(place.Value - BytesBefore + (ulong)i)), one, out _) == 1;
            string value = isRead ? $"{one[0]:x2}" : "??";
            text.Append(i > 0 ? " " : "").Append(i == BytesBefore ? $"<{value}>" : value);
        }

        return text.ToString();
    }

    private static List<ReportRegister> ToList(X64Registers registers)
    {
        var list = new List<ReportRegister>();
        foreach ((string name, X64Register register) in (ReadOnlySpan<(string, X64Register)>)
        [
            ("rip", X64Register.Rip), ("rsp", X64Register.Rsp), ("rflags", X64Register.Rflags),
            ("rax", X64Register.Rax), ("rbx", X64Register.Rbx), ("rcx", X64Register.Rcx),
            ("rdx", X64Register.Rdx), ("rsi", X64Register.Rsi), ("rdi", X64Register.Rdi),
            ("rbp", X64Register.Rbp), ("r8", X64Register.R8), ("r9", X64Register.R9),
            ("r10", X64Register.R10), ("r11", X64Register.R11), ("r12", X64Register.R12),
            ("r13", X64Register.R13), ("r14", X64Register.R14), ("r15", X64Register.R15),
        ])
        {
            if (registers[register] is { } value)
            {
                list.Add(new ReportRegister(name, $"{value:x16}"));
            }
        }

        return list;
    }
}
