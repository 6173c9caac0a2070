using System.Buffers.Binary;
using System.Text;
using Lifeboat.Core;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Paging;

namespace Lifeboat.Symbols.Unwinding;

/// <summary>The loaded modules' code and unwind tables, by walking the kernel's list <c>modules</c>.</summary>
internal sealed class ModuleList
{
    /// <summary>Bytes of a module's name (MODULE_NAME_LEN).</summary>
    internal const int NameSize = 56;

    private readonly AddressSpace _space;
    private readonly DumpLimits _limits;
    private readonly ModuleLayout _layout;
    private readonly HashSet<ulong> _seen = [];

    private ModuleList(AddressSpace space, DumpLimits limits, ModuleLayout layout) =>
        (_space, _limits, _layout) = (space, limits, layout);

    internal List<ModuleCode> Modules { get; } = [];

    /// <summary>Why it is not whole; null when the list led back to its head.</summary>
    internal string? Damage { get; private set; }

    /// <summary>The modules; none where types or the list's head are not known.</summary>
    internal static ModuleList? Read(
        AddressSpace space, KernelSymbols symbols, TypeOffsets types, DumpLimits limits)
    {
        if (ModuleLayout.Find(types) is not { } layout || !symbols.TryFindAddress("modules", out VirtualAddress head))
        {
            return null;
        }

        var list = new ModuleList(space, limits, layout);
        if (!list.Walk(head, 0))
        {
            // What lies behind a broken link may still be reached from the other end.
            string? damage = list.Damage;
            _ = list.Walk(head, sizeof(ulong));
            list.Damage = damage;
        }

        return list;
    }

    private bool Walk(VirtualAddress head, int link)
    {
        Span<byte> pointer = stackalloc byte[sizeof(ulong)];
        byte[] bytes = new byte[_layout.Size];
        if (_space.Read(head + new ByteCount((ulong)link), pointer, out MemoryFault fault) < pointer.Length)
        {
            return Stop($"the list of modules: {fault}");
        }

        ulong next = BinaryPrimitives.ReadUInt64LittleEndian(pointer);
        while (next != head.Value)
        {
            if (!_seen.Add(next) || Modules.Count >= _limits.MaxModuleTables)
            {
                return Stop($"the list of modules leads nowhere at 0x{next:x}");
            }

            var start = new VirtualAddress(unchecked(next - (ulong)_layout.List));
            if (_space.Read(start, bytes, out fault) < bytes.Length)
            {
                return Stop($"the list of modules: {fault}");
            }

            Add(bytes);
            next = BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(_layout.List + link));
        }

        return true;
    }

    private bool Stop(string damage)
    {
        Damage = damage;
        return false;
    }

    private void Add(byte[] bytes)
    {
        ReadOnlySpan<byte> name = bytes.AsSpan(_layout.Name, NameSize);
        int end = name.IndexOf((byte)0);
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(_layout.OrcCount));
        VirtualAddress addresses = Pointer(bytes, _layout.OrcAddresses);
        VirtualAddress entries = Pointer(bytes, _layout.OrcEntries);
        bool hasTable = count > 0 && count <= _limits.MaxUnwindEntries
            && addresses != VirtualAddress.Null && entries != VirtualAddress.Null;
        Modules.Add(new ModuleCode(
            Encoding.Latin1.GetString(end < 0 ? name : name[..end]),
            Pointer(bytes, _layout.CoreBase),
            new ByteCount(BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(_layout.CoreSize))),
            Pointer(bytes, _layout.InitBase),
            new ByteCount(BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(_layout.InitSize))),
            hasTable ? (int)count : 0)
        {
            Section = hasTable ? new OrcSection(_space, addresses, entries, (int)count) : null,
        });
    }

    private static VirtualAddress Pointer(byte[] bytes, int offset) =>
        new(BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(offset)));
}
