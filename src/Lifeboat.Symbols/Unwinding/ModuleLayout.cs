namespace Lifeboat.Symbols.Unwinding;

/// <summary>Where a module's list entry, name, code and unwind table stand in struct module.</summary>
/// <remarks>Up to 6.3 its code is core_layout and init_layout, from 6.4 on two of the entries of mem.</remarks>
internal sealed class ModuleLayout
{
    private ModuleLayout()
    {
    }

    internal required int Size { get; init; }

    internal required int List { get; init; }

    internal required int Name { get; init; }

    internal required int CoreBase { get; init; }

    internal required int CoreSize { get; init; }

    internal required int InitBase { get; init; }

    internal required int InitSize { get; init; }

    internal required int OrcCount { get; init; }

    internal required int OrcAddresses { get; init; }

    internal required int OrcEntries { get; init; }

    /// <summary>The layout; null when the types do not describe it.</summary>
    internal static ModuleLayout? Find(TypeOffsets types)
    {
        if (types.Size("module") is not { } size || types.Member("module", "list") is not { } list
            || types.Member("module", "name") is not { } name
            || types.Member("module", "arch.num_orcs") is not { } count
            || types.Member("module", "arch.orc_unwind_ip") is not { } addresses
            || types.Member("module", "arch.orc_unwind") is not { } entries)
        {
            return null;
        }

        (int? coreBase, int? coreSize) =
            (types.Member("module", "core_layout.base"), types.Member("module", "core_layout.text_size"));
        (int? initBase, int? initSize) =
            (types.Member("module", "init_layout.base"), types.Member("module", "init_layout.text_size"));
        if (coreBase is null && types.Member("module", "mem") is { } parts
            && types.Size("module_memory") is { } part)
        {
            int? core = types.Enumerator("mod_mem_type", "MOD_TEXT") is { } text and < 64
                ? parts + (text * part) : null;
            int? init = types.Enumerator("mod_mem_type", "MOD_INIT_TEXT") is { } initText and < 64
                ? parts + (initText * part) : null;
            int? partBase = types.Member("module_memory", "base");
            int? partSize = types.Member("module_memory", "size");
            (coreBase, coreSize) = (core + partBase, core + partSize);
            (initBase, initSize) = (init + partBase, init + partSize);
        }

        if (coreBase is null || coreSize is null || initBase is null || initSize is null)
        {
            return null;
        }

        var layout = new ModuleLayout
        {
            Size = size,
            List = list,
            Name = name,
            CoreBase = coreBase.Value,
            CoreSize = coreSize.Value,
            InitBase = initBase.Value,
            InitSize = initSize.Value,
            OrcCount = count,
            OrcAddresses = addresses,
            OrcEntries = entries,
        };
        return layout.IsWithin ? layout : null;
    }

    private bool IsWithin
    {
        get
        {
            ReadOnlySpan<int> places =
                [List, Name, CoreBase, CoreSize, InitBase, InitSize, OrcCount, OrcAddresses, OrcEntries];
            foreach (int place in places)
            {
                if (place < 0 || place > Size - sizeof(ulong))
                {
                    return false;
                }
            }

            return Size <= TypeOffsets.LargestStructure && Name <= Size - ModuleList.NameSize;
        }
    }
}
