using Iced.Intel;
using Lifeboat.Core.Memory;
using Lifeboat.Kernel;
using Lifeboat.Symbols;

namespace Lifeboat.Inspect.Commands.Code;

/// <summary>Names for what instructions refer to: functions, variables, per-CPU variables.</summary>
internal sealed class CodeNames(CrashedKernel kernel) : ISymbolResolver
{
    public bool TryGetSymbol(
        in Instruction instruction, int operand, int instructionOperand, ulong address, int addressSize, out SymbolResult symbol)
    {
        // A number that happens to lie within something, such as a text without a name, is left a number.
        if (instructionOperand >= 0 && instruction.GetOpKind(instructionOperand) is >= OpKind.Immediate8 and <= OpKind.Immediate32to64
            && !(kernel.Names.TryFind(new VirtualAddress(address), out SymbolPlace? place) && place.Offset == ByteCount.Zero))
        {
            symbol = default;
            return false;
        }

        string? name = instruction.SegmentPrefix == Register.GS && instruction.MemoryBase is Register.None or Register.RIP
            && PerCpuName(new VirtualAddress(address)) is { } own ? own
            : Places.NameOf(kernel, new VirtualAddress(address));
        symbol = name is null ? default : new SymbolResult(address, name);
        return name is not null;
    }

    private string? PerCpuName(VirtualAddress place) =>
        !kernel.Symbols.TryFindPerCpu(place, out KernelSymbol? symbol, out ByteCount offset) ? null
        : offset == ByteCount.Zero ? symbol.Name : $"{symbol.Name}+0x{offset.Value:x}";
}
