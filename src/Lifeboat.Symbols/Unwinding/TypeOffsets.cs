using Lifeboat.Core.Diagnostics;
using Lifeboat.Symbols.Types;

namespace Lifeboat.Symbols.Unwinding;

/// <summary>Offsets and sizes out of the kernel's types; null for what they do not say or is beyond belief.</summary>
/// <remarks>Structures are kept, since to find one by its name takes a pass over all names.</remarks>
internal sealed class TypeOffsets(Btf? types)
{
    /// <summary>Bytes of the largest structure that is believed; struct cpu_entry_area has some 240 KiB.</summary>
    internal const int LargestStructure = 16 << 20;

    private readonly Dictionary<string, BtfType?> _structures = new(StringComparer.Ordinal);

    internal Btf? Types => types;

    /// <summary>The offset of a member of a structure or union.</summary>
    internal int? Member(string structure, string path)
    {
        try
        {
            return Find(structure) is { } type && types!.TryFindMember(type, path, out BtfMember? member)
                && member.BitOffset % 8 == 0 && member.ByteOffset is >= 0 and < LargestStructure
                ? (int)member.ByteOffset : null;
        }
        catch (DumpFormatException)
        {
            return null;
        }
    }

    /// <summary>The bytes of a structure or union.</summary>
    internal int? Size(string structure)
    {
        try
        {
            return Find(structure) is { } type && type.Size.Value is > 0 and <= LargestStructure
                ? (int)type.Size.Value : null;
        }
        catch (DumpFormatException)
        {
            return null;
        }
    }

    /// <summary>The value of an enumerator of an enumeration that has a name.</summary>
    internal int? Enumerator(string enumeration, string name)
    {
        try
        {
            if (types is not null && types.TryFind(enumeration, BtfKind.Enum, out BtfType? type))
            {
                foreach (BtfEnumerator enumerator in type.Enumerators)
                {
                    if (enumerator.Name == name && enumerator.Value is >= 0 and <= int.MaxValue)
                    {
                        return (int)enumerator.Value;
                    }
                }
            }

            return null;
        }
        catch (DumpFormatException)
        {
            return null;
        }
    }

    /// <summary>A structure or union by its tag.</summary>
    /// <exception cref="DumpFormatException">The types can no longer be read.</exception>
    internal BtfType? Find(string structure)
    {
        if (!_structures.TryGetValue(structure, out BtfType? type))
        {
            if (types is not null && !types.TryFind(structure, BtfKind.Struct, out type))
            {
                _ = types.TryFind(structure, BtfKind.Union, out type);
            }

            _structures.Add(structure, type);
        }

        return type;
    }
}
