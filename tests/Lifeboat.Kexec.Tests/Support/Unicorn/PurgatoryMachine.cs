using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Planning;
using static Lifeboat.Kexec.Tests.Support.Unicorn.UnicornLibrary;

namespace Lifeboat.Kexec.Tests.Support.Unicorn;

/// <summary>
/// A processor with some memory, a serial port and the ways a PC is reset, enough to run purgatory as it was loaded.
/// </summary>
internal sealed class PurgatoryMachine : IDisposable
{
    private const ulong DeadlineMicroseconds = 60_000_000;

    private readonly StringBuilder _console = new();
    private readonly nint _engine;
    private GCHandle _self;
    private bool _divisor;

    internal PurgatoryMachine(PhysicalRange memory)
    {
        Check(Open(ArchX86, Mode64, out _engine));
        Check(MapMemory(_engine, memory.Start.Value, (nuint)memory.Length.Value, ProtectionAll));
        _self = GCHandle.Alloc(this);
        unsafe
        {
            AddPortHook(InstructionIn, (nint)(delegate* unmanaged[Cdecl]<nint, uint, int, nint, uint>)&OnIn);
            AddPortHook(InstructionOut, (nint)(delegate* unmanaged[Cdecl]<nint, uint, int, uint, nint, void>)&OnOut);
        }
    }

    /// <summary>
    /// What the line status register reads as; 0xff is a port that is not there, 0 one that is stuck.
    /// </summary>
    internal byte LineStatus { get; init; } = 0x60;

    /// <summary>Whether the chipset's reset register works; not all have it.</summary>
    internal bool HasResetRegister { get; init; } = true;

    /// <summary>Whether the keyboard controller works.</summary>
    internal bool HasKeyboardController { get; init; } = true;

    /// <summary>The first port of the serial port that is looked at.</summary>
    internal uint SerialPort { get; init; } = 0x3f8;

    internal string Console => _console.ToString();

    /// <summary>What was written to other ports, with the size of each write, in order.</summary>
    internal List<string> PortWrites { get; } = [];

    /// <summary>How the machine was reset; null when it was not.</summary>
    internal string? ResetBy { get; private set; }

    internal static PurgatoryMachine Loaded(LoadPlan plan, PurgatoryMachine machine)
    {
        foreach (LoadSegment segment in plan.Segments)
        {
            machine.Write(segment.Range.Start, segment.Content.Span);
        }

        return machine;
    }

    /// <summary>Adds memory elsewhere.</summary>
    internal void AddMemory(PhysicalRange memory) =>
        Check(MapMemory(_engine, memory.Start.Value, (nuint)memory.Length.Value, ProtectionAll));

    /// <summary>Turns paging on, all of 4 GiB mapped to itself, as the kernel leaves it.</summary>
    internal void MapOneToOne(PhysicalAddress tables)
    {
        Span<byte> bytes = stackalloc byte[0x2000];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (tables.Value + 0x1000) | 3);
        for (int i = 0; i < 4; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[(0x1000 + (i * 8))..], ((ulong)i << 30) | 0x83);
        }

        AddMemory(PhysicalRange.FromLength(tables, new ByteCount(0x2000)));
        Write(tables, bytes);
        this[X86Register.Cr3] = tables.Value;
        this[X86Register.Cr4] = 0x20;
        this[X86Register.Cr0] = 0x80000011;
    }

    internal unsafe void Write(PhysicalAddress address, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            // Safety: the library copies the bytes before it returns.
            Check(WriteMemory(_engine, address.Value, first, (nuint)bytes.Length));
        }
    }

    internal unsafe byte[] Read(PhysicalAddress address, int count)
    {
        var bytes = new byte[count];
        fixed (byte* first = bytes)
        {
            // Safety: the library fills as many bytes as the array has.
            Check(ReadMemory(_engine, address.Value, first, (nuint)count));
        }

        return bytes;
    }

    internal void FlipBit(PhysicalAddress address, int bit) =>
        Write(address, [(byte)(Read(address, 1)[0] ^ (1 << bit))]);

    internal ulong this[X86Register register]
    {
        get
        {
            Check(ReadRegister(_engine, (int)register, out ulong value));
            return value;
        }

        set => Check(WriteRegister(_engine, (int)register, in value));
    }

    /// <summary>
    /// Runs until <paramref name="until"/> is reached, the machine is reset, or a fault that nothing handles.
    /// </summary>
    internal bool Run(PhysicalAddress from, PhysicalAddress until)
    {
        int error = Start(_engine, from.Value, until.Value, DeadlineMicroseconds, 0);
        if (error != 0 && ResetBy is null)
        {
            ResetBy = "fault";
        }

        return ResetBy is null && this[X86Register.Rip] == until.Value;
    }

    public void Dispose()
    {
        _ = Close(_engine);
        if (_self.IsAllocated)
        {
            _self.Free();
        }
    }

    private void AddPortHook(int instruction, nint callback) =>
        Check(AddHook(_engine, out _, HookInstruction, callback, GCHandle.ToIntPtr(_self), 1, 0, instruction));

    private byte ReadPort(uint port) => port switch
    {
        0x64 => 0,
        _ => port == SerialPort + 5 ? LineStatus : (byte)0xff,
    };

    private void WritePort(uint port, int size, uint value)
    {
        if (port == SerialPort && !_divisor)
        {
            _console.Append((char)value);
        }
        else if (port == 0xcf9 && HasResetRegister && (value & 4) != 0)
        {
            Reset("reset register");
        }
        else if (port == 0x64 && HasKeyboardController && value == 0xfe)
        {
            Reset("keyboard controller");
        }
        else
        {
            PortWrites.Add($"{port:x}={value.ToString(size == 2 ? "x4" : "x2", CultureInfo.InvariantCulture)}");
        }

        _divisor = port == SerialPort + 3 ? (value & 0x80) != 0 : _divisor;
    }

    private void Reset(string by)
    {
        ResetBy ??= by;
        Check(Stop(_engine));
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static uint OnIn(nint engine, uint port, int size, nint self) => From(self).ReadPort(port);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnOut(nint engine, uint port, int size, uint value, nint self) =>
        From(self).WritePort(port, size, value);

    private static PurgatoryMachine From(nint self) => (PurgatoryMachine)GCHandle.FromIntPtr(self).Target!;

    private static void Check(int error) => Assert.Equal(0, error);
}
