using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Kernel.Modules;

/// <summary>A module of the kernel (<c>struct module</c>).</summary>
/// <remarks><para>Each property reads memory anew. What cannot be read is null.</para></remarks>
public sealed class KernelModule
{
    private readonly CrashedKernel _kernel;
    private ModuleParts? _parts;
    private ModuleSymbols? _symbols;
    private bool _hasSymbols;
    private KernelTypes? _types;
    private bool _hasTypes;

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
            for (int kind = 0; kind < Math.Min(ModuleParts.KindsOfMemory, memory.Type.ElementCount); kind++)
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

    /// <summary>
    /// Its types, which build on the kernel's and have these too; null when the kernel keeps none of it (before 5.11, or
    /// without CONFIG_DEBUG_INFO_BTF_MODULES), or they cannot be read. Read once.
    /// </summary>
    public KernelTypes? Types
    {
        get
        {
            if (!_hasTypes)
            {
                _types = ModuleTypes.Find(_kernel, Object);
                _hasTypes = true;
            }

            return _types;
        }
    }

    /// <summary>What it is noted for as bits of the kernel's taint: out of tree, unsigned, proprietary …</summary>
    public ulong? Taints => Object["taints"].Unsigned;

    /// <summary>How many use it; null for one being unloaded, too.</summary>
    public long? References => Object["refcnt.counter"].Signed is { } count and > 0 ? count - 1 : null;

    /// <summary>The modules that use it, by name; those that are readable of a list that is damaged.</summary>
    public IReadOnlyList<string> Users
    {
        get
        {
            var users = new List<string>();
            if (Object.TryGet("source_list", out KernelObject? head))
            {
                foreach (KernelObject use in _kernel.List(head, "struct module_use", "source_list"))
                {
                    users.Add(use["source.name"].Text() ?? "?");
                }
            }

            return users;
        }
    }

    /// <summary>Where its code and data lie. Read once.</summary>
    internal ModuleParts Parts => _parts ??= ModuleParts.Read(Object);

    /// <summary>Whether an address lies in its code or data.</summary>
    public bool Contains(VirtualAddress address) => Parts.EndOf(address.Value) != 0;

    /// <summary>Its name.</summary>
    public override string ToString() => Name ?? Object.ToString();
}
