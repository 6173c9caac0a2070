using System.Diagnostics.CodeAnalysis;
using Lifeboat.Core.Memory;
using Lifeboat.Symbols.Types;

namespace Lifeboat.Kernel.Objects;

/// <summary>A type of the crashed kernel, as its own type data (BTF) describes it.</summary>
/// <remarks>
/// <para><b>Construction.</b> <see cref="KernelTypes"/> gives types by name; others come from those.</para>
/// <para><b>Thread safety.</b> One thread at a time.</para>
/// </remarks>
public sealed class KernelType
{
    private readonly KernelTypes _types;
    private readonly Btf _btf;
    private readonly BtfType _declared;
    private readonly int _pointers;
    private readonly BtfType? _resolved;

    internal KernelType(KernelTypes types, Btf btf, BtfType declared, int pointers = 0)
    {
        (_types, _btf, _declared, _pointers) = (types, btf, declared, pointers);
        _resolved = btf.Resolve(declared.Id);
        IsPointer = pointers > 0 || _resolved?.Kind == BtfKind.Pointer;
        Size = IsPointer ? new ByteCount(KernelTypes.PointerSize)
            : btf.TryGetSize(declared.Id, out ByteCount size) ? size : ByteCount.Zero;
    }

    /// <summary>Bytes of an object of it; 0 when it has no size: <c>void</c>, a function, a type declared only.</summary>
    public ByteCount Size { get; }

    /// <summary>Whether it is a pointer.</summary>
    public bool IsPointer { get; }

    /// <summary>Whether it is an array.</summary>
    public bool IsArray => Is(BtfKind.Array);

    /// <summary>Whether it is a structure or a union.</summary>
    public bool IsStructure => !IsPointer && _resolved is { IsStructure: true };

    /// <summary>Whether it is an enumeration.</summary>
    public bool IsEnumeration => Is(BtfKind.Enum) || Is(BtfKind.Enum64);

    /// <summary>Whether an object of it is one number: an integer, an enumeration or a pointer.</summary>
    public bool IsNumber => IsPointer || Is(BtfKind.Int) || IsEnumeration;

    /// <summary>Whether it is a function: what a pointer to one points to.</summary>
    public bool IsFunction => Is(BtfKind.FunctionPrototype);

    /// <summary>Whether its numbers may be below zero.</summary>
    public bool IsSigned => !IsPointer && _resolved is { IsSigned: true };

    /// <summary>Whether it is a character (<c>char</c>, signed or not): arrays of it are text.</summary>
    public bool IsCharacter => Is(BtfKind.Int) && Size.Value == 1
        && _resolved!.Name.Contains("char", StringComparison.Ordinal);

    /// <summary>Elements of an array; 0 for one of unknown length, and for others.</summary>
    public long ElementCount => IsArray ? _resolved!.ElementCount : 0;

    /// <summary>What a pointer points to, or the elements of an array; null for others, and for <c>void *</c>.</summary>
    public KernelType? Target
    {
        get
        {
            if (_pointers > 0)
            {
                return new KernelType(_types, _btf, _declared, _pointers - 1);
            }

            return _resolved is { Kind: BtfKind.Pointer or BtfKind.Array, TargetId: not 0 } outer
                ? new KernelType(_types, _btf, _btf.TypeById(outer.TargetId)) : null;
        }
    }

    /// <summary>The type as C writes it: <c>struct task_struct *</c>.</summary>
    public string Name => CTypeName.Of(_btf, _declared) is var name && _pointers == 0 ? name
        : $"{name}{(name.EndsWith('*') ? "" : " ")}{new string('*', _pointers)}";

    /// <summary>The members of a structure or union, in order; empty for others. Unnamed ones have no name.</summary>
    public IReadOnlyList<KernelMember> Members
    {
        get
        {
            var members = new List<KernelMember>();
            if (IsStructure)
            {
                foreach (BtfMember member in _resolved!.Members)
                {
                    members.Add(ToMember(member));
                }
            }

            return members;
        }
    }

    /// <summary>
    /// The type's own declaration as C writes it, a line each: a structure with its members, an enumeration with its
    /// values, what a typedef stands for; of others their name.
    /// </summary>
    public IReadOnlyList<string> Declaration => _pointers > 0 ? [Name + ";"] : CDeclaration.OfType(_btf, _declared);

    /// <summary>A pointer to this.</summary>
    public KernelType Pointer => new(_types, _btf, _declared, _pointers + 1);

    /// <summary>The declaration of a variable or function of this type: <c>char comm[16]</c>.</summary>
    public string Declare(string name) =>
        CDeclaration.OfVariable(_btf, _declared, new string('*', _pointers) + name);

    /// <summary>A member by name, also through unnamed structures; members of members are separated by dots.</summary>
    public bool TryFindMember(string path, [NotNullWhen(true)] out KernelMember? member)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        member = IsStructure ? _types.FindMember(this, path) : null;
        return member is not null;
    }

    /// <summary>The name of a value of an enumeration; null for a value without one, and for other types.</summary>
    public string? NameOf(long value)
    {
        if (IsEnumeration)
        {
            foreach (BtfEnumerator enumerator in _resolved!.Enumerators)
            {
                if (enumerator.Value == value)
                {
                    return enumerator.Name;
                }
            }
        }

        return null;
    }

    /// <summary>The last of several names of a value, where the first only marks where a row of values begins.</summary>
    internal string? LastNameOf(long value)
    {
        string? name = null;
        foreach (BtfEnumerator enumerator in IsEnumeration ? _resolved!.Enumerators : [])
        {
            name = enumerator.Value == value ? enumerator.Name : name;
        }

        return name;
    }

    /// <summary>The value of an enumeration's name; null for a name that it does not have.</summary>
    internal long? ValueOf(string name)
    {
        foreach (BtfEnumerator enumerator in IsEnumeration ? _resolved!.Enumerators : [])
        {
            if (enumerator.Name == name)
            {
                return enumerator.Value;
            }
        }

        return null;
    }

    /// <summary>The type as C writes it.</summary>
    public override string ToString() => Name;

    internal (Btf Types, int Id) Key => (_btf, _declared.Id);

    internal KernelMember? SearchMember(string path) =>
        _btf.TryFindMember(_resolved!, path, out BtfMember? found) ? ToMember(found) : null;

    private bool Is(BtfKind kind) => !IsPointer && _resolved?.Kind == kind;

    private KernelMember ToMember(BtfMember member) => new(
        member.Name,
        new KernelType(_types, _btf, _btf.TypeById(member.TypeId)),
        new ByteCount((ulong)member.ByteOffset),
        (int)(member.BitOffset % 8),
        member.BitSize);
}
