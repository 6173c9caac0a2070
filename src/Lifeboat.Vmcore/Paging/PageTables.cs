using System.Buffers.Binary;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Paging;

/// <summary>A kernel's page tables: what differs by architecture of translating addresses.</summary>
internal abstract class PageTables(IPhysicalMemory memory)
{
    /// <summary>Levels of tables.</summary>
    internal abstract int Levels { get; }

    /// <summary>The tables of the machine that VMCOREINFO describes.</summary>
    /// <exception cref="DumpFormatException">VMCOREINFO is missing or lacks what translating needs.</exception>
    internal static PageTables Open(IPhysicalMemory memory, Vmcoreinfo info) =>
        Arm64PageTables.Describes(info) ? Arm64PageTables.Open(memory, info) : X64PageTables.Open(memory, info);

    /// <summary>Translates an address that needs no tables: that of a piece that is contiguous.</summary>
    internal virtual bool TryTranslateDirectly(ulong address, out CachedTranslation found)
    {
        found = default;
        return false;
    }

    /// <summary>Looks an address up in the tables.</summary>
    internal abstract bool TryWalk(ulong address, out CachedTranslation found, out MemoryFault fault);

    /// <summary>The same machine's tables from another root on, a process's own; null where those are not known.</summary>
    internal virtual PageTables? FromRoot(PhysicalAddress root) => null;

    /// <summary>What the tables say of an address, mapped or not; false when a table cannot be read.</summary>
    internal virtual bool TryFindEntry(ulong address, out PageTableEntry entry, out MemoryFault fault)
    {
        (entry, fault) = (default, new MemoryFault(address, MemoryFaultReason.Unmapped));
        return false;
    }

    protected static DumpFormatException Missing(Vmcoreinfo info, List<string> keys) =>
        new(new Diagnostic(VmcoreDiagnosticIds.MissingKey, "kernel addresses cannot be translated")
        {
            Where = "VMCOREINFO",
            Found = info.IsEmpty ? "no VMCOREINFO at all" : $"no {string.Join(", ", keys)}",
            Expected = info.IsEmpty ? "one" : "these keys",
        });

    /// <summary>Reads an entry of a table.</summary>
    protected bool TryReadEntry(ulong table, ulong index, out ulong entry, out MemoryFault fault)
    {
        Span<byte> bytes = stackalloc byte[8];
        bool isRead = memory.Read(new PhysicalAddress(table + (index * 8)), bytes, out fault) == bytes.Length;
        entry = isRead ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0;
        return isRead;
    }
}
