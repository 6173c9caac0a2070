using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Kernel.Modules;

/// <summary>A module of the kernel (<c>struct module</c>).</summary>
/// <remarks><para>Each property reads memory anew. What cannot be read is null.</para></remarks>
public sealed class KernelModule
{
    // MOD_TEXT, MOD_DATA, ... MOD_INIT_RODATA of enum mod_mem_type (6.4).
    private const int KindsOfMemory = 7;

    private readonly CrashedKernel _kernel;
    private ModuleSymbols? _symbols;
    private bool _hasSymbols;

    internal KernelModule(CrashedKernel kernel, KernelObject module) => (_kernel, Object) = (kernel, module);

    /// <summary>The <c>struct module</c>.</summary>
    public KernelObject Object { get; }

    /// <summary>Its name.</summary>
    public string? Name => Object["name"].Text();

    /// <summary>Where its code begins.</summary>
    public VirtualAddress? Text => Object.TryGet("mem", out KernelObject? memory) ? memory[0]["base"].Pointer
        : Object["core_layout.base"].Pointer;

    /// <summary>Bytes of it that stay once it has started, as <c>lsmod</c> tells them.</summary>
    public ByteCount? Size
    {
        get
        {
            if (!Object.TryGet("mem", out KernelObject? memory))
            {
                return (Object["core_layout.size"].Unsigned + Object["init_layout.size"].Unsigned) is { } old
                    ? new ByteCount(old) : null;
            }

            ulong? sum = 0;
            for (int kind = 0; kind < Math.Min(KindsOfMemory, memory.Type.ElementCount); kind++)
            {
                sum += memory[kind]["size"].Unsigned;
            }

            return sum is { } bytes ? new ByteCount(bytes) : null;
        }
    }

    /// <summary>Its symbols; null when the kernel has none of it, or they cannot be read. Read once.</summary>
    public ModuleSymbols? Symbols
    {
        get
        {
            if (!_hasSymbols)
            {
                _hasSymbols = true;
                _symbols = ModuleSymbols.Open(_kernel.Space, this, _kernel.MaxModuleSymbolBytes);
            }

            return _symbols;
        }
    }

    /// <summary>What it is noted for as bits of the kernel's taint: out of tree, unsigned, proprietary …</summary>
    public ulong? Taints => Object["taints"].Unsigned;

    /// <summary>How many use it; null for one being unloaded, too.</summary>
    public long? References => Object["refcnt.counter"].Signed is { } count and > 0 ? count - 1 : null;

    /// <summary>Whether an address lies in its code or data.</summary>
    public bool Contains(VirtualAddress address) => EndOf(address) is not null;

    /// <summary>Its name.</summary>
    public override string ToString() => Name ?? Object.ToString();

    /// <summary>Where the part of it ends that an address lies in, its code or some of its data; null outside.</summary>
    internal VirtualAddress? EndOf(VirtualAddress address)
    {
        if (!Object.TryGet("mem", out KernelObject? memory))
        {
            // Code comes first, and the rest in the same piece of memory.
            return EndWithin(address, Object["core_layout"], "text_size") ?? EndWithin(address, Object["core_layout"], "size")
                ?? EndWithin(address, Object["init_layout"], "size");
        }

        for (int kind = 0; kind < Math.Min(KindsOfMemory, memory.Type.ElementCount); kind++)
        {
            if (EndWithin(address, memory[kind], "size") is { } end)
            {
                return end;
            }
        }

        return null;
    }

    private static VirtualAddress? EndWithin(VirtualAddress address, KernelObject part, string sizeMember) =>
        part["base"].Unsigned is { } start && part.TryGet(sizeMember, out KernelObject? length) && length.Unsigned is { } size
        && address.Value >= start && address.Value - start < size ? new VirtualAddress(unchecked(start + size)) : null;
}
