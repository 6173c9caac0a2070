using System.Diagnostics.CodeAnalysis;
using Lifeboat.Symbols.Types;

namespace Lifeboat.Kernel.Objects;

/// <summary>The types of the crashed kernel by their names in C; what was found is kept.</summary>
/// <remarks><para><b>Thread safety.</b> One thread at a time.</para></remarks>
public sealed class KernelTypes
{
    internal const int PointerSize = 8;

    private readonly Btf _types;
    private readonly Dictionary<string, KernelType?> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<MemberKey, KernelMember?> _members = [];

    /// <summary>The types that <paramref name="types"/> has.</summary>
    public KernelTypes(Btf types)
    {
        ArgumentNullException.ThrowIfNull(types);
        _types = types;
    }

    /// <summary>The type of a name.</summary>
    /// <exception cref="UnknownTypeException">The kernel has no such type.</exception>
    public KernelType this[string name] => TryFind(name, out KernelType? type) ? type
        : throw new UnknownTypeException($"the kernel has no type {name}");

    /// <summary>
    /// The type of a name as C writes it: <c>struct file</c>, <c>file</c>, <c>pid_t</c>, <c>unsigned long</c>, with
    /// <c>*</c> for pointers.
    /// </summary>
    public bool TryFind(string name, [NotNullWhen(true)] out KernelType? type)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (!_byName.TryGetValue(name, out type))
        {
            type = Find(name);
            _byName.Add(name, type);
        }

        return type is not null;
    }

    /// <summary>
    /// The names of all structures, unions, enumerations and typedefs, without these words; some more than once. Of a module
    /// its own only.
    /// </summary>
    public IReadOnlyList<string> Names
    {
        get
        {
            var names = new List<string>();
            foreach (BtfKind kind in (BtfKind[])[BtfKind.Struct, BtfKind.Union, BtfKind.Enum, BtfKind.Enum64, BtfKind.Typedef])
            {
                names.AddRange(_types.NamesOf(kind));
            }

            return names;
        }
    }

    /// <summary>The value of an enumerator of any enumeration.</summary>
    public bool TryFindEnumerator(string name, out long value)
    {
        bool isFound = _types.TryFindEnumerator(name, out BtfEnumerator? enumerator);
        value = enumerator?.Value ?? 0;
        return isFound;
    }

    /// <summary>The type of a function of the kernel: what it takes and returns.</summary>
    public bool TryFindFunction(string name, [NotNullWhen(true)] out KernelType? type)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        type = _types.TryFind(name, BtfKind.Function, out BtfType? function)
            ? new KernelType(this, _types, _types.TypeById(function.TargetId)) : null;
        return type is not null;
    }

    internal KernelMember? FindMember(KernelType structure, string path)
    {
        var key = new MemberKey(structure.Key.Types, structure.Key.Id, path);
        if (!_members.TryGetValue(key, out KernelMember? member))
        {
            member = structure.SearchMember(path);
            _members.Add(key, member);
        }

        return member;
    }

    private KernelType? Find(string text)
    {
        (string name, BtfKind[] kinds, int pointers) = CTypeName.Parse(text);
        if (name == "void")
        {
            return new KernelType(this, _types, _types.TypeById(0), pointers);
        }

        foreach (BtfKind kind in name.Length == 0 ? [] : kinds)
        {
            if (_types.TryFind(name, kind, out BtfType? found))
            {
                return new KernelType(this, _types, found, pointers);
            }
        }

        return null;
    }

    private sealed record MemberKey(Btf Types, int Id, string Path);
}
