using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Paging;

namespace Lifeboat.Kernel.Objects;

/// <summary>An object in the memory of the crashed kernel: a type at an address.</summary>
/// <remarks>
/// <para><b>Damage.</b> What lies behind memory that cannot be read is an object with a <see cref="Fault"/>, whose numbers
/// and texts are null: a path of members never throws for it.</para>
/// <para><b>Thread safety.</b> One thread at a time.</para>
/// </remarks>
public sealed class KernelObject
{
    private const int PieceOfText = 256;
    private const int MostBytes = 9; // of a number: a bit field of 64 bits may begin within a byte

    private readonly AddressSpace _space;
    private readonly int _firstBit;
    private readonly int _bitCount;

    /// <summary>An object of a type at an address.</summary>
    public KernelObject(AddressSpace space, KernelType type, VirtualAddress address)
        : this(space, type, address, MemoryFault.None)
    {
    }

    private KernelObject(
        AddressSpace space, KernelType type, VirtualAddress address, MemoryFault fault, int firstBit = 0, int bitCount = 0)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(type);
        (_space, Type, Address, Fault, _firstBit, _bitCount) = (space, type, address, fault, firstBit, bitCount);
    }

    /// <summary>Its type.</summary>
    public KernelType Type { get; }

    /// <summary>Where it lies; meaningless together with a fault.</summary>
    public VirtualAddress Address { get; }

    /// <summary>Why it cannot be reached: a pointer on the way to it could not be read.</summary>
    public MemoryFault Fault { get; }

    /// <summary>
    /// A member, of a structure or of the one that a pointer points to; members of members, and of what those point to,
    /// are separated by dots.
    /// </summary>
    /// <exception cref="UnknownTypeException">The type has no such member.</exception>
    public KernelObject this[string member] => TryGet(member, out KernelObject? found) ? found
        : throw new UnknownTypeException($"{Type.Name} has no member {member} in this kernel");

    /// <summary>An element of an array, or what lies so many objects after the one that a pointer points to.</summary>
    /// <exception cref="UnknownTypeException">It is neither an array nor a pointer to anything of a size.</exception>
    public KernelObject this[long index]
    {
        get
        {
            KernelType element = Type.Target is { Size.Value: > 0 } target ? target
                : throw new UnknownTypeException($"{Type.Name} has no elements");
            MemoryFault fault = Fault;
            VirtualAddress first = Type.IsPointer ? ReadPointer(ref fault) : Address;
            return new KernelObject(
                _space, element, new VirtualAddress(unchecked(first.Value + ((ulong)index * element.Size.Value))), fault);
        }
    }

    /// <summary>What a pointer points to.</summary>
    /// <exception cref="UnknownTypeException">It is no pointer to a type.</exception>
    public KernelObject Target
    {
        get
        {
            KernelType target = Type is { IsPointer: true, Target: { } pointed } ? pointed
                : throw new UnknownTypeException($"{Type.Name} points to nothing");
            MemoryFault fault = Fault;
            return new KernelObject(_space, target, ReadPointer(ref fault), fault);
        }
    }

    /// <summary>Its number, never below zero; null when it has none, or cannot be read.</summary>
    public ulong? Unsigned => TryReadNumber(out ulong value, out _) ? value : null;

    /// <summary>Its number; null when it has none, or cannot be read.</summary>
    public long? Signed => !TryReadNumber(out ulong value, out _) ? null
        : Type.IsSigned && Bits is > 0 and < 64 ? unchecked((long)(value << (64 - Bits)) >> (64 - Bits))
        : unchecked((long)value);

    /// <summary>The address that is its value; null when it has none, or cannot be read.</summary>
    public VirtualAddress? Pointer => TryReadNumber(out ulong value, out _) ? new VirtualAddress(value) : null;

    private int Bits => _bitCount > 0 ? _bitCount : (int)Math.Min(Type.Size.Value, MostBytes) * 8;

    /// <summary>The same as <see cref="this[string]"/>, for members that not every kernel has.</summary>
    public bool TryGet(string member, [NotNullWhen(true)] out KernelObject? found)
    {
        ArgumentException.ThrowIfNullOrEmpty(member);
        KernelType? structure = Type.IsPointer ? Type.Target : Type;
        if (structure is null || !structure.TryFindMember(member, out KernelMember? place))
        {
            // Not within one structure: perhaps by way of a pointer.
            found = null;
            int end = member.LastIndexOf('.');
            return end > 0 && TryGet(member[..end], out KernelObject? outer) && outer.TryGet(member[(end + 1)..], out found);
        }

        MemoryFault fault = Fault;
        VirtualAddress start = Type.IsPointer ? ReadPointer(ref fault) : Address;
        found = new KernelObject(_space, place.Type, start + place.Offset, fault, place.FirstBit, place.BitCount);
        return true;
    }

    /// <summary>A member of its structure, of those that <see cref="KernelType.Members"/> gives.</summary>
    public KernelObject Member(KernelMember member)
    {
        ArgumentNullException.ThrowIfNull(member);
        return new KernelObject(_space, member.Type, Address + member.Offset, Fault, member.FirstBit, member.BitCount);
    }

    /// <summary>The same memory as an object of another type.</summary>
    public KernelObject As(KernelType type) => new(_space, type, Address, Fault);

    /// <summary>An object of any type at any address of the same memory.</summary>
    public KernelObject At(KernelType type, VirtualAddress address) => new(_space, type, address);

    /// <summary>The object that this one is a member of.</summary>
    /// <param name="container">The type of that object.</param>
    /// <param name="member">The member that this is.</param>
    /// <exception cref="UnknownTypeException">The type has no such member.</exception>
    public KernelObject ContainerOf(KernelType container, string member)
    {
        ArgumentNullException.ThrowIfNull(container);
        return container.TryFindMember(member, out KernelMember? place)
            ? new KernelObject(_space, container, Address - place.Offset, Fault)
            : throw new UnknownTypeException($"{container.Name} has no member {member} in this kernel");
    }

    /// <summary>Reads its number.</summary>
    /// <param name="value">The number; of a signed type not yet made longer.</param>
    /// <param name="fault">Why it cannot be read; none also when the type has no number.</param>
    public bool TryReadNumber(out ulong value, out MemoryFault fault)
    {
        value = 0;
        fault = Fault;
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        int length = _bitCount > 0 ? (_firstBit + _bitCount + 7) / 8 : (int)Math.Min(Type.Size.Value, MostBytes + 1);
        if (fault != MemoryFault.None || !Type.IsNumber || length is 0 or > MostBytes
            || _space.Read(Address, bytes[..length], out fault) < length)
        {
            return false;
        }

        UInt128 number = BinaryPrimitives.ReadUInt128LittleEndian(bytes) >> _firstBit;
        value = (ulong)(number & (Bits >= 64 ? ulong.MaxValue : (1UL << Bits) - 1));
        return true;
    }

    /// <summary>Reads its bytes; fewer come back only together with a fault.</summary>
    public int Read(Span<byte> destination, out MemoryFault fault)
    {
        fault = Fault;
        return fault == MemoryFault.None ? _space.Read(Address, destination, out fault) : 0;
    }

    /// <summary>
    /// The text of an array of characters, or that a pointer to characters points to, up to its zero; null when it
    /// cannot be read from its start.
    /// </summary>
    /// <param name="mostBytes">Where a text without an end is broken off.</param>
    public string? Text(int mostBytes = 4096)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(mostBytes);
        MemoryFault fault = Fault;
        VirtualAddress address = Type.IsPointer ? ReadPointer(ref fault) : Address;
        int most = Type is { IsArray: true, Size.Value: > 0 } ? (int)Math.Min((ulong)mostBytes, Type.Size.Value) : mostBytes;
        if (fault != MemoryFault.None)
        {
            return null;
        }

        var text = new StringBuilder();
        Span<byte> piece = stackalloc byte[PieceOfText];
        for (int done = 0; done < most;)
        {
            Span<byte> wanted = piece[..Math.Min(piece.Length, most - done)];
            int read = _space.Read(address + new ByteCount((ulong)done), wanted, out _);
            if (read == 0 && done == 0)
            {
                return null;
            }

            int end = wanted[..read].IndexOf((byte)0);
            text.Append(Encoding.UTF8.GetString(wanted[..(end < 0 ? read : end)]));
            done += read;
            if (end >= 0 || read < wanted.Length)
            {
                break;
            }
        }

        return text.ToString();
    }

    /// <summary>The type and where it lies, as <c>struct task_struct at 0xffff888003d30000</c>.</summary>
    public override string ToString() => Fault == MemoryFault.None ? $"{Type.Name} at {Address}" : $"{Type.Name}: {Fault}";

    private VirtualAddress ReadPointer(ref MemoryFault fault)
    {
        if (fault != MemoryFault.None)
        {
            return default;
        }

        return TryReadNumber(out ulong value, out fault) ? new VirtualAddress(value) : default;
    }
}
