using Lifeboat.Core.Diagnostics;
using Lifeboat.Symbols.Types;

namespace Lifeboat.Symbols.Unwinding;

/// <summary>Offsets and sizes out of the kernel's types; null for what they do not say or what is beyond belief.</summary>
internal sealed class TypeOffsets(Btf? types)
{
    /// <summary>Bytes of the largest structure that is believed; struct cpu_entry_area has some 240 KiB.</summary>
    internal const int LargestStructure = 16 << 20;

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

    /// <summary>The value of an enumerator.</summary>
    internal int? Enumerator(string name)
    {
        try
        {
            return types is not null && types.TryFindEnumerator(name, out BtfEnumerator? enumerator)
                && enumerator.Value is >= 0 and <= int.MaxValue ? (int)enumerator.Value : null;
        }
        catch (DumpFormatException)
        {
            return null;
        }
    }

    /// <summary>A structure or union by its tag.</summary>
    /// <exception cref="DumpFormatException">The types can no longer be read.</exception>
    internal BtfType? Find(string structure) =>
        types is not null && (types.TryFind(structure, BtfKind.Struct, out BtfType? type)
            || types.TryFind(structure, BtfKind.Union, out type)) ? type : null;
}
