using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Paging;

namespace Lifeboat.Symbols.Types;

/// <summary>The types that a kernel describes in its own memory (BTF, Documentation/bpf/btf.rst).</summary>
/// <remarks>
/// <para><b>Construction.</b> All types are gone over once and checked, about 10 milliseconds for a kernel's 110,000;
/// afterwards every number in them can be followed. Nothing is kept of a type but the pages it lies in.</para>
/// <para><b>Complexity.</b> A type by number takes at most 16 steps; by name a pass over the strings (under a
/// millisecond); the first one also makes an index of 8 bytes a type at most.</para>
/// <para><b>Errors.</b> A name on a page that cannot be read is not found, and is <c>?</c>. Types that were readable at
/// construction and are no longer give a <see cref="DumpFormatException"/>.</para>
/// <para><b>Thread safety.</b> One thread at a time.</para>
/// </remarks>
public sealed class Btf
{
    private const int PointerSize = 8;

    private readonly BtfSection _section;
    private readonly Btf? _base;
    private readonly DumpLimits _limits;
    private BtfNameIndex? _index;

    private Btf(LazyBytes bytes, Btf? baseTypes, DumpLimits limits)
    {
        _base = baseTypes;
        _limits = limits;
        _section = new BtfSection(bytes, baseTypes?.TypeCount ?? 1, baseTypes?._section.EndString ?? 0, limits);
    }

    /// <summary>No types but void: what there is of a kernel that describes none.</summary>
    public static Btf None => Parse(BtfHeader.Empty);

    /// <summary>One past the highest number of a type; void and the types of what this builds on count too.</summary>
    public int TypeCount => _section.EndId;

    /// <summary>The kernel's types, between its symbols <c>__start_BTF</c> and <c>__stop_BTF</c>.</summary>
    /// <exception cref="DumpFormatException">There are none, or they are damaged or cannot be read.</exception>
    public static Btf Open(AddressSpace space, KernelSymbols symbols, DumpLimits? limits = null) =>
        Open(space, symbols, limits ?? DumpLimits.Default, int.MaxValue);

    /// <summary>Types that lie anywhere in the kernel's memory, such as a module's.</summary>
    /// <param name="space">The kernel's memory.</param>
    /// <param name="start">Where they begin.</param>
    /// <param name="length">Their bytes.</param>
    /// <param name="baseTypes">The types they build on; null for types that stand alone.</param>
    /// <param name="limits">What to believe of them; null for <see cref="DumpLimits.Default"/>.</param>
    /// <exception cref="DumpFormatException">They are damaged or cannot be read.</exception>
    public static Btf Read(
        AddressSpace space,
        VirtualAddress start,
        ByteCount length,
        Btf? baseTypes = null,
        DumpLimits? limits = null) =>
        Read(space, start, length, baseTypes, limits ?? DumpLimits.Default, int.MaxValue);

    /// <summary>Types out of a file: the content of its section <c>.BTF</c>.</summary>
    /// <exception cref="DumpFormatException">They are damaged.</exception>
    public static Btf Parse(ReadOnlyMemory<byte> content, Btf? baseTypes = null, DumpLimits? limits = null)
    {
        limits ??= DumpLimits.Default;
        CheckLength((ulong)content.Length, limits);
        return new Btf(new LazyBytes(content), baseTypes, limits);
    }

    /// <summary>A type by its number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such number.</exception>
    public BtfType TypeById(int id)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(id);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(id, TypeCount);
        if (id >= _section.FirstId)
        {
            return new BtfType(this, _section, id, _section.RecordOf(id));
        }

        return _base is null ? new BtfType(this, null, 0, default) : _base.TypeById(id);
    }

    /// <summary>The first type of a kind that has a name.</summary>
    public bool TryFind(string name, BtfKind kind, [NotNullWhen(true)] out BtfType? type)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        type = null;
        if (TryFindString(Encoding.UTF8.GetBytes(name), out uint offset))
        {
            BtfNameIndex index = _index ??= new BtfNameIndex(_section);
            for (int id = index.Last(offset); id != 0; id = index.Before(id))
            {
                BtfRecord record = _section.RecordOf(id);
                if (record.Name == offset && record.Kind == kind)
                {
                    type = new BtfType(this, _section, id, record);
                }
            }
        }

        return type is not null || (_base is not null && _base.TryFind(name, kind, out type));
    }

    /// <summary>The first enumerator of a name, of any enumeration.</summary>
    public bool TryFindEnumerator(string name, [NotNullWhen(true)] out BtfEnumerator? enumerator)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        enumerator = null;
        if (TryFindString(Encoding.UTF8.GetBytes(name), out uint offset))
        {
            for (int position = 0; position < _section.TypesLength;)
            {
                BtfRecord record = _section.RecordAt(position);
                position += record.Length;
                for (int i = 0; record.Kind is BtfKind.Enum or BtfKind.Enum64 && i < record.Count; i++)
                {
                    ReadOnlySpan<byte> item = _section.ItemOf(record, i);
                    if (BinaryPrimitives.ReadUInt32LittleEndian(item) == offset)
                    {
                        enumerator = new BtfEnumerator(name, BtfType.ValueOf(record, item));
                        return true;
                    }
                }
            }
        }

        return _base is not null && _base.TryFindEnumerator(name, out enumerator);
    }

    /// <summary>The names of all types of a kind, but for those of the types that this builds on; some more than once.</summary>
    public IReadOnlyList<string> NamesOf(BtfKind kind)
    {
        var names = new List<string>();
        for (int position = 0; position < _section.TypesLength;)
        {
            BtfRecord record = _section.RecordAt(position);
            position += record.Length;
            if (record.Kind == kind && record.Name != 0)
            {
                names.Add(StringAt(record.Name));
            }
        }

        return names;
    }

    /// <summary>What a type is when typedefs and qualifiers are taken off; null when they go round in a circle.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such number.</exception>
    public BtfType? Resolve(int typeId)
    {
        for (int steps = 0; steps < _limits.MaxTypeChain; steps++)
        {
            BtfType type = TypeById(typeId);
            if (!type.Record.IsAlias)
            {
                return type;
            }

            typeId = type.TargetId;
        }

        return null;
    }

    /// <summary>Bytes of an object of a type; false for void, functions and what is only declared.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such number.</exception>
    public bool TryGetSize(int typeId, out ByteCount size)
    {
        ulong elements = 1;
        size = default;
        for (int steps = 0; steps < _limits.MaxTypeChain; steps++)
        {
            if (Resolve(typeId) is not { } type)
            {
                return false;
            }

            if (type.Kind == BtfKind.Array)
            {
                UInt128 product = (UInt128)elements * (ulong)type.ElementCount;
                if (product > long.MaxValue)
                {
                    return false;
                }

                elements = (ulong)product;
                typeId = type.TargetId;
                continue;
            }

            UInt128 bytes = (UInt128)elements * (type.Kind == BtfKind.Pointer ? PointerSize : type.Size.Value);
            bool isObject = type.Kind == BtfKind.Pointer || type.IsStructure
                || type.Kind is BtfKind.Int or BtfKind.Enum or BtfKind.Enum64 or BtfKind.Float;
            size = new ByteCount(isObject && bytes <= long.MaxValue ? (ulong)bytes : 0);
            return isObject && bytes <= long.MaxValue;
        }

        return false;
    }

    /// <summary>A member of a structure or union by name, as C finds it: through unnamed ones within.</summary>
    /// <param name="structure">The structure or union, or a typedef of one.</param>
    /// <param name="path">The member's name; members of members are separated by dots.</param>
    /// <param name="member">
    /// The member under its last name, with its offset from the start of <paramref name="structure"/>.
    /// </param>
    public bool TryFindMember(BtfType structure, string path, [NotNullWhen(true)] out BtfMember? member)
    {
        ArgumentNullException.ThrowIfNull(structure);
        ArgumentException.ThrowIfNullOrEmpty(path);
        member = new BtfMemberSearch(this, _limits.MaxMembersSearched).Find(structure, path);
        return member is not null;
    }

    /// <summary>The kernel's types, with at most so many pages of them kept in memory.</summary>
    internal static Btf Open(AddressSpace space, KernelSymbols symbols, DumpLimits limits, int keptPieces)
    {
        ArgumentNullException.ThrowIfNull(symbols);
        if (!symbols.TryFindAddress("__start_BTF", out VirtualAddress start)
            || !symbols.TryFindAddress("__stop_BTF", out VirtualAddress end) || end.Value <= start.Value)
        {
            throw new DumpFormatException(
                new Diagnostic(SymbolsDiagnosticIds.NoTypes, "the kernel describes no types of its own (BTF)")
                {
                    Where = "the kernel's symbols",
                    Expected = "__start_BTF and __stop_BTF",
                    Found = symbols.Fault == MemoryFault.None ? null : symbols.Fault.ToString(),
                });
        }

        return Read(space, start, new ByteCount(end.Value - start.Value), null, limits, keptPieces);
    }

    internal string StringAt(uint offset) =>
        offset >= _section.FirstString ? _section.StringAt(offset) : _base!.StringAt(offset);

    internal bool IsString(uint offset, ReadOnlySpan<byte> text) =>
        offset >= _section.FirstString ? _section.IsString(offset, text) : _base!.IsString(offset, text);

    private static Btf Read(
        AddressSpace space, VirtualAddress start, ByteCount length, Btf? baseTypes, DumpLimits limits, int keptPieces)
    {
        ArgumentNullException.ThrowIfNull(space);
        CheckLength(length.Value, limits);
        return new Btf(new LazyBytes(space, start, (long)length.Value, keptPieces), baseTypes, limits);
    }

    private static void CheckLength(ulong length, DumpLimits limits)
    {
        if (length < BtfHeader.Size || length > (ulong)limits.MaxTypeBytes)
        {
            throw new DumpFormatException(
                new Diagnostic(SymbolsDiagnosticIds.BeyondLimit, "the kernel's types are too few or too many bytes")
                {
                    Found = $"{length} bytes",
                    Expected = $"{BtfHeader.Size} to {limits.MaxTypeBytes}",
                });
        }
    }

    private bool TryFindString(ReadOnlySpan<byte> text, out uint offset) =>
        (_base is not null && _base.TryFindString(text, out offset)) || _section.TryFindString(text, out offset);
}
