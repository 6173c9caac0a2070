using Iced.Intel;
using Lifeboat.Core.Memory;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Stacks;
using Lifeboat.Kernel.Tasks;

namespace Lifeboat.Inspect.Commands.Code;

/// <summary>Instructions of x86-64 as rows, out of the dump's memory.</summary>
internal sealed class CodeListing
{
    internal const int LongestInstruction = 15;

    private readonly CrashedKernel _kernel;
    private readonly FastFormatter _formatter;
    private readonly FastStringOutput _text = new();
    private readonly List<ulong> _marked = [];

    /// <summary>A listing that marks where a task is.</summary>
    internal CodeListing(CrashedKernel kernel, KernelTask? task)
    {
        _kernel = kernel;
        _formatter = new FastFormatter(new CodeNames(kernel));
        _formatter.Options.SpaceAfterOperandSeparator = true;
        _formatter.Options.UseHexPrefix = true;
        _formatter.Options.UppercaseHex = false;
        foreach (NamedFrame frame in task?.Stack?.Frames ?? [])
        {
            _marked.Add(frame.Frame.LookupAddress.Value);
        }
    }

    internal Table Table { get; } = new(
        "instructions",
        new Column("", "current", ColumnKind.Mark),
        new Column("ADDRESS", "address", ColumnKind.Hex),
        new Column("AT", "at", ColumnKind.Text),
        new Column("INSTRUCTION", "instruction", ColumnKind.Text));

    /// <summary>Lists from an address on.</summary>
    /// <param name="start">The first instruction.</param>
    /// <param name="bytes">Instructions that begin within so many bytes are listed.</param>
    /// <param name="skipped">Instructions at the beginning that are not.</param>
    /// <param name="most">How many are listed.</param>
    internal void Add(VirtualAddress start, int bytes, int skipped, int most)
    {
        byte[] code = new byte[bytes + LongestInstruction];
        int read = _kernel.Space.Read(start, code, out _);
        var decoder = Decoder.Create(64, new ByteArrayCodeReader(code, 0, read), start.Value);
        int count = 0;
        while (Distance(start, decoder) < (ulong)bytes && count < skipped + most)
        {
            var address = new VirtualAddress(decoder.IP);
            Instruction instruction = decoder.Decode();
            if (decoder.LastError == DecoderError.NoMoreBytes)
            {
                Table.Add(Cell.Empty, Cell.Address(address), Name(address), Cell.Text(null));
                Table.Note("the code ends where the dump has no more of it");
                return;
            }

            if (count++ >= skipped)
            {
                Table.Add(Cell.Mark(IsMarked(instruction)), Cell.Address(address), Name(address), Cell.Text(Format(instruction)));
            }
        }
    }

    /// <summary>How many instructions there are up to the one that an address lies in, that one too.</summary>
    internal int CountTo(VirtualAddress start, VirtualAddress last)
    {
        byte[] code = new byte[(int)(last.Value - start.Value) + LongestInstruction];
        int read = _kernel.Space.Read(start, code, out _);
        var decoder = Decoder.Create(64, new ByteArrayCodeReader(code, 0, read), start.Value);
        int count = 0;
        while (Distance(start, decoder) <= last.Value - start.Value && Distance(start, decoder) < (ulong)read)
        {
            _ = decoder.Decode();
            count++;
        }

        return count;
    }

    private static ulong Distance(VirtualAddress start, Decoder decoder) => unchecked(decoder.IP - start.Value);

    private Cell Name(VirtualAddress address) =>
        Places.NameOf(_kernel, address) is { } name ? Cell.Text(name) : Cell.Empty;

    private string Format(in Instruction instruction)
    {
        _text.Clear();
        _formatter.Format(instruction, _text);
        return _text.ToString();
    }

    private bool IsMarked(in Instruction instruction)
    {
        foreach (ulong address in _marked)
        {
            if (unchecked(address - instruction.IP) < (ulong)instruction.Length)
            {
                return true;
            }
        }

        return false;
    }
}
