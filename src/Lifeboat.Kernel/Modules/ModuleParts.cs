using Lifeboat.Kernel.Objects;

namespace Lifeboat.Kernel.Modules;

/// <summary>Where the code and the data of a module lie.</summary>
internal sealed class ModuleParts
{
    /// <summary>MOD_TEXT, MOD_DATA, ... MOD_INIT_RODATA of enum mod_mem_type (6.4).</summary>
    internal const int KindsOfMemory = 7;

    private readonly ulong[] _starts = new ulong[KindsOfMemory];
    private readonly ulong[] _sizes = new ulong[KindsOfMemory];
    private int _count;

    private ModuleParts()
    {
    }

    internal static ModuleParts Read(KernelObject module)
    {
        var parts = new ModuleParts();
        if (module.TryGet("mem", out KernelObject? memory))
        {
            for (int kind = 0; kind < Math.Min(KindsOfMemory, memory.Type.ElementCount); kind++)
            {
                parts.Add(memory[kind], "size");
            }
        }
        else
        {
            // Code comes first, and the rest in the same piece of memory.
            parts.Add(module["core_layout"], "text_size");
            parts.Add(module["core_layout"], "size");
            parts.Add(module["init_layout"], "size");
        }

        return parts;
    }

    /// <summary>The end of the part that an address lies in; zero outside.</summary>
    internal ulong EndOf(ulong address)
    {
        for (int i = 0; i < _count; i++)
        {
            if (address >= _starts[i] && address - _starts[i] < _sizes[i])
            {
                return unchecked(_starts[i] + _sizes[i]);
            }
        }

        return 0;
    }

    private void Add(KernelObject part, string sizeMember)
    {
        if (part["base"].Unsigned is { } start && part.TryGet(sizeMember, out KernelObject? length) && length.Unsigned is { } size)
        {
            (_starts[_count], _sizes[_count]) = (start, size);
            _count++;
        }
    }
}
