using System.Buffers.Binary;
using Lifeboat.Core;
using Lifeboat.Core.Memory;
using Lifeboat.Symbols.Types;
using Lifeboat.Symbols.Unwinding;
using static Lifeboat.Symbols.Tests.TestSupport.OrcWriter;

namespace Lifeboat.Symbols.Tests.TestSupport;

/// <summary>
/// A kernel of functions of 64 bytes with their unwind tables, and room for stacks. At 32 of each function ends a call.
/// </summary>
internal sealed class FakeKernel
{
    internal const ulong Text = ImageMemory.Start + 0x8000;
    internal const ulong Data = ImageMemory.Start + 0xa000;
    internal const ulong Stack = ImageMemory.Start + 0xc000;
    internal const ulong OtherStack = ImageMemory.Start + 0x10000;
    internal const ulong ThirdStack = ImageMemory.Start + 0x12000;
    internal const ulong Module = ImageMemory.Start + 0x14000;
    internal const ulong End = ImageMemory.Start + 0x18000;
    internal const int StackSize = 0x3000;
    internal const int CallEnd = 32;

    private const int FunctionSize = 64;
    private const int TableOffset = 0x6000;

    private readonly SortedDictionary<ulong, OrcEntry> _entries = [];
    private readonly List<(string Name, char Type, ulong Address)> _symbols = [];
    private readonly List<(ulong Place, byte[] Bytes)> _bytes = [];
    private readonly OrcFormat _format;
    private ulong _next = Text;

    internal FakeKernel(OrcFormat format = OrcFormat.Linux64)
    {
        _format = format;
        for (int i = 0; i < 12; i++)
        {
            _ = Function($"plain{i}", Entry(OrcKind.Call, OrcRegister.Rsp, 8));
        }
    }

    /// <summary>Types, or none.</summary>
    internal BtfWriter? Types { get; set; }

    internal bool HasNoTable { get; set; }

    internal DumpLimits Limits { get; set; } = DumpLimits.Default;

    internal ImageMemory Memory { get; private set; } = null!;

    internal KernelSymbols Symbols { get; private set; } = null!;

    internal OrcTable Table { get; private set; } = null!;

    internal StackUnwinder Unwinder { get; private set; } = null!;

    internal Btf? Btf { get; private set; }

    /// <summary>A function with one entry for all of it; null for one that the tables leave out.</summary>
    internal ulong Function(string name, OrcEntry? entry = null, ulong? callee = null)
    {
        ulong place = _next;
        _next += FunctionSize;
        _symbols.Add((name, 't', place));
        _entries[place] = entry ?? Entry(OrcKind.Undefined);
        byte[] call = new byte[5];
        call[0] = 0xe8;
        BinaryPrimitives.WriteInt32LittleEndian(call.AsSpan(1), (int)((callee ?? Text) - (place + CallEnd)));
        _bytes.Add((place + CallEnd - 5, call));
        return place;
    }

    internal void Symbol(string name, ulong place) => _symbols.Add((name, 'd', place));

    internal void Words(ulong place, params ulong[] words)
    {
        for (int i = 0; i < words.Length; i++)
        {
            byte[] bytes = new byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, words[i]);
            _bytes.Add((place + (8 * (ulong)i), bytes));
        }
    }

    internal void Bytes(ulong place, byte[] bytes) => _bytes.Add((place, bytes));

    /// <summary>An address table and an entry table of some code, as the kernel and modules have them.</summary>
    internal void Tables(ulong addresses, ulong entries, SortedDictionary<ulong, OrcEntry> code)
    {
        foreach ((ulong place, OrcEntry entry) in code)
        {
            byte[] distance = new byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(distance, (int)((long)place - (long)addresses));
            _bytes.Add((addresses, distance));
            _bytes.Add((entries, Write(entry, _format)));
            addresses += 4;
            entries += OrcEntry.Size;
        }
    }

    internal byte[] Image(out KallsymsWriter writer)
    {
        ulong table = ImageMemory.Start + TableOffset;
        ulong entries = table + 0x1000;
        Tables(table, entries, _entries);
        List<(string Name, char Type, ulong Address)> symbols =
        [
            ("_text", 'T', Text), ("_stext", 'T', Text), ("_etext", 'T', _next), ("_end", 'B', Module),
            .. HasNoTable ? [] : new[]
            {
                ("__start_orc_unwind_ip", 'R', table), ("__stop_orc_unwind_ip", 'R', table + (4 * (ulong)_entries.Count)),
                ("__start_orc_unwind", 'R', entries),
            },
            .. _symbols,
        ];
        writer = new KallsymsWriter();
        byte[] image = new byte[End - ImageMemory.Start];
        byte[] names = writer.Write([.. symbols.OrderBy(symbol => symbol.Address)], KallsymsWriter.Form.PerCpuAbsolute);
        Assert.InRange(names.Length, 1, TableOffset);
        names.CopyTo(image, 0);
        foreach ((ulong place, byte[] bytes) in _bytes)
        {
            bytes.CopyTo(image, (int)(place - ImageMemory.Start));
        }

        return image;
    }

    internal FakeKernel Open()
    {
        byte[] image = Image(out KallsymsWriter writer);
        return Open(writer.ToMemory(image));
    }

    internal FakeKernel Open(ImageMemory memory)
    {
        Memory = memory;
        Btf = Types is null ? null : Btf.Parse(Types.Write());
        Symbols = KernelSymbols.Open(memory.Space, memory.Vmcoreinfo, Limits);
        Table = OrcTable.Open(memory.Space, Symbols, Btf, Limits);
        Unwinder = new StackUnwinder(memory.Space, Symbols, Btf, Table, Limits);
        return this;
    }

    internal static KernelStacks Stacks => new(
    [
        new KernelStack("task", KernelStackKind.Task, new VirtualAddress(Stack), new ByteCount(StackSize)),
        new KernelStack("IRQ", KernelStackKind.Interrupt, new VirtualAddress(OtherStack), new ByteCount(0x2000)),
        new KernelStack("NMI", KernelStackKind.Exception, new VirtualAddress(ThirdStack), new ByteCount(0x2000)),
    ]);

    internal static X64Registers Registers(ulong rip, ulong rsp, params (X64Register Register, ulong Value)[] others)
    {
        X64Registers registers = X64Registers.None.With(X64Register.Rip, rip).With(X64Register.Rsp, rsp)
            .With(X64Register.Cs, 0x10);
        foreach ((X64Register register, ulong value) in others)
        {
            registers = registers.With(register, value);
        }

        return registers;
    }

    /// <summary>struct pt_regs, all of which is known.</summary>
    internal static ulong[] PtRegs(ulong rip, ulong rsp, ulong cs = 0x10, params (X64Register Register, ulong Value)[] others)
    {
        ulong[] words = new ulong[21];
        words[(int)X64Register.Rip] = rip;
        words[(int)X64Register.Rsp] = rsp;
        words[(int)X64Register.Cs] = cs;
        foreach ((X64Register register, ulong value) in others)
        {
            words[(int)register] = value;
        }

        return words;
    }
}
