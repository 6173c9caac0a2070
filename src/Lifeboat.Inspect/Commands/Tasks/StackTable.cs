using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Lifeboat.Core.Memory;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Stacks;
using Lifeboat.Kernel.Tasks;
using Lifeboat.Symbols.Unwinding;

namespace Lifeboat.Inspect.Commands.Tasks;

/// <summary>A task's stack as rows: its frames, and the words on it.</summary>
internal static class StackTable
{
    private const int WordSize = 8;
    private const int LineSize = 2 * WordSize;
    private const int MostBytes = 64 << 10; // four times the largest stack

    internal static Table CreateEmpty() => new("stack", Columns);

    internal static Table Create(string title) => new("stack", Columns) { Title = title };

    internal static Table Create(KernelTask task, TaskStack stack) => Create(string.Create(
        CultureInfo.InvariantCulture,
        $"PID {task.Pid}  {task.Name}  {PsCommand.StateOf(task.State)}  task {task.Address}{(stack.Cpu is { } cpu ? $"  on CPU {cpu}" : "")}"));

    /// <summary>Adds its frames, each followed by the words that are its own when these are wanted.</summary>
    internal static void AddFrames(Table table, CrashedKernel kernel, TaskStack stack, bool words)
    {
        for (int i = 0; i < stack.Frames.Count; i++)
        {
            NamedFrame frame = stack.Frames[i];
            table.Add(
                Cell.Number(i),
                Cell.Address(frame.Frame.StackPointer),
                Cell.Address(frame.Frame.InstructionPointer),
                Cell.Text(frame.Frame.IsInterrupted && i > 0 ? $"{frame}  [exception]" : frame.ToString()));
            if (words)
            {
                VirtualAddress end = EndOf(frame.Frame, i + 1 < stack.Frames.Count ? stack.Frames[i + 1].Frame : null);
                AddWords(table, kernel, frame.Frame.StackPointer, end);
            }
        }

        if (!stack.End.IsWhole)
        {
            table.Note($"the stack ends: {stack.End.Text}");
        }
    }

    /// <summary>Adds every word that points into code, from the innermost frame to the end of its stack.</summary>
    internal static void AddTexts(Table table, CrashedKernel kernel, TaskStack stack)
    {
        if (stack.Frames.Count == 0)
        {
            AddFrames(table, kernel, stack, words: false);
            return;
        }

        StackFrame first = stack.Frames[0].Frame;
        byte[] bytes = Read(kernel, first.StackPointer, EndOf(first, null), out bool isWhole);
        for (int at = 0; at + WordSize <= bytes.Length; at += WordSize)
        {
            var word = new VirtualAddress(BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at)));
            if (kernel.Names.TryFind(word, out SymbolPlace? place) && place.Symbol.Type is 't' or 'T' or 'w' or 'W')
            {
                table.Add(Cell.Empty, Cell.Address(first.StackPointer + new ByteCount((ulong)at)), Cell.Address(word), Cell.Text($"{place}"));
            }
        }

        if (!isWhole)
        {
            table.Note("the dump does not have the rest of the stack");
        }
    }

    // Up to the caller's; where that one is on another stack, or there is none, up to the end of this one.
    private static VirtualAddress EndOf(StackFrame frame, StackFrame? caller)
    {
        ulong start = frame.StackPointer.Value;
        ulong stack = frame.Stack?.End.Value ?? start;
        ulong end = caller is not null && caller.StackPointer.Value > start && (frame.Stack is null || caller.StackPointer.Value < stack)
            ? caller.StackPointer.Value : stack;
        return new VirtualAddress(end >= start ? Math.Min(end, start + Math.Min(MostBytes, ulong.MaxValue - start)) : start);
    }

    private static byte[] Read(CrashedKernel kernel, VirtualAddress start, VirtualAddress end, out bool isWhole)
    {
        byte[] bytes = new byte[(int)(end.Value - start.Value)];
        int read = kernel.Space.Read(start, bytes, out _);
        isWhole = read == bytes.Length;
        return isWhole ? bytes : bytes[..read];
    }

    private static void AddWords(Table table, CrashedKernel kernel, VirtualAddress start, VirtualAddress end)
    {
        byte[] bytes = Read(kernel, start, end, out bool isWhole);
        for (int at = 0; at + WordSize <= bytes.Length; at += LineSize)
        {
            var text = new StringBuilder();
            for (int word = at; word < at + LineSize && word + WordSize <= bytes.Length; word += WordSize)
            {
                text.Append(word > at ? " " : "");
                text.Append(BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(word)).ToString("x16", CultureInfo.InvariantCulture));
            }

            table.Add(Cell.Empty, Cell.Address(start + new ByteCount((ulong)at)), Cell.Empty, Cell.Text(text.ToString()));
        }

        if (!isWhole)
        {
            table.Add(Cell.Empty, Cell.Address(start + new ByteCount((ulong)bytes.Length)), Cell.Empty, Cell.Text(null));
        }
    }

    private static Column[] Columns =>
    [
        new("#", "frame", ColumnKind.Number),
        new("SP", "sp", ColumnKind.Hex),
        new("IP", "ip", ColumnKind.Hex),
        new("AT", "at", ColumnKind.Text),
    ];
}
