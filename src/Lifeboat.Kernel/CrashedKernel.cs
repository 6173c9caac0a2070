using System.Diagnostics.CodeAnalysis;
using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Memory;
using Lifeboat.Kernel.Modules;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;
using Lifeboat.Kernel.Processors;
using Lifeboat.Kernel.Stacks;
using Lifeboat.Kernel.Tasks;
using Lifeboat.Symbols;
using Lifeboat.Symbols.Types;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Paging;

namespace Lifeboat.Kernel;

/// <summary>The kernel in a dump as objects: what it knew of its tasks, modules, memory when it stopped.</summary>
/// <remarks>
/// <para><b>Construction.</b> Finds page tables, symbols and types, all in the dump; the rest is read when asked for.</para>
/// <para><b>Damage.</b> What cannot be read is null or ends a walk. Without symbols or types the kernel opens all the same,
/// <see cref="Diagnostics"/> says why they are missing, and what needs them finds nothing: what is asked for by a type that is
/// not there throws an <see cref="UnknownTypeException"/>, nothing else throws after construction.</para>
/// <para><b>Thread safety.</b> One thread at a time.</para>
/// </remarks>
public sealed partial class CrashedKernel
{
    private readonly DumpLimits _limits;
    private readonly Btf _btf;
    private readonly PerCpuData _perCpu;
    private KernelMemory? _memory;
    private StackReader? _stacks;
    private Diagnostic? _noStacks;

    private CrashedKernel(
        DumpSource dump, AddressSpace space, KernelSymbols symbols, Btf types, DumpLimits limits, List<Diagnostic> diagnostics)
    {
        (Dump, Space, Symbols, _limits, Diagnostics) = (dump, space, symbols, limits, diagnostics);
        _btf = types;
        Types = new KernelTypes(types);
        _perCpu = new PerCpuData(this, types);
        Names = new SymbolNames(this);
    }

    /// <summary>The dump.</summary>
    public DumpSource Dump { get; }

    /// <summary>The kernel's memory by its virtual addresses.</summary>
    public AddressSpace Space { get; }

    /// <summary>The symbols of the kernel's image.</summary>
    public KernelSymbols Symbols { get; }

    /// <summary>The kernel's types.</summary>
    public KernelTypes Types { get; }

    /// <summary>What is damaged or missing of its symbols and types; empty when nothing is.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; }

    /// <summary>Every task: threads, kernel threads and the idle task of each CPU.</summary>
    public KernelWalk<KernelTask> Tasks => TaskList.All(this);

    /// <summary>The task that runs on each CPU that was running, by CPU; it may be the idle task.</summary>
    public IReadOnlyList<KernelTask> RunningTasks
    {
        get
        {
            var tasks = new List<KernelTask>();
            foreach (int cpu in OnlineCpus)
            {
                if (CurrentOf(cpu) is { } task)
                {
                    tasks.Add(new KernelTask(this, task));
                }
            }

            return tasks;
        }
    }

    /// <summary>The CPU that crashed, the first one if several did; null when the kernel did not note it.</summary>
    /// <remarks>The kernel notes who panics first; a CPU that crashes without a panic notes itself a little later.</remarks>
    public int? CrashedCpu
    {
        get
        {
            foreach (string name in (ReadOnlySpan<string>)["panic_cpu", "crashing_cpu"])
            {
                if (TryFindGlobal(name, "int", out KernelObject? cpu) && cpu.Signed is >= 0 and <= int.MaxValue and var number)
                {
                    return (int)number;
                }
            }

            return null;
        }
    }

    /// <summary>The task that ran on the CPU that crashed; null when that is not known.</summary>
    public KernelTask? CrashedTask =>
        CrashedCpu is { } cpu && CurrentOf(cpu) is { } task ? new KernelTask(this, task) : null;

    /// <summary>Loaded modules, the newest first.</summary>
    public KernelWalk<KernelModule> Modules => ModuleList.All(this);

    /// <summary>The numbers of the CPUs that could have been running.</summary>
    public IReadOnlyList<int> Cpus => _perCpu.Cpus;

    /// <summary>The numbers of the CPUs that were running.</summary>
    public IReadOnlyList<int> OnlineCpus => _perCpu.Online;

    /// <summary>Why no stack can be unwound; null when stacks can.</summary>
    public Diagnostic? NoStacks => Stacks is null ? _noStacks : null;

    /// <summary>
    /// What a CPU was doing by its registers in the dump's notes, whichever task it ran; null when there are none. Needs no
    /// types, and has no more of the stack then than the CPU's own registers lead to.
    /// </summary>
    public TaskStack? StackOfCpu(int cpu) => Stacks?.ReadCpu(cpu);

    /// <summary>Names of addresses and addresses of names, in the image and in modules.</summary>
    public SymbolNames Names { get; }

    /// <summary>What it knew of memory: pages, slab caches, mapped areas.</summary>
    public KernelMemory Memory => _memory ??= new KernelMemory(this);

    internal int MaxModuleSymbolBytes => _limits.MaxSymbolTableBytes;

    internal StackReader? Stacks
    {
        get
        {
            if (_stacks is null && _noStacks is null)
            {
                _stacks = StackReader.TryOpen(this, _btf, _limits, out _noStacks);
            }

            return _stacks;
        }
    }

    internal int MaxLinked => _limits.MaxLinkedObjects;

    /// <summary>Finds the kernel in a dump.</summary>
    /// <param name="dump">The dump.</param>
    /// <param name="limits">What to believe of it; null for <see cref="DumpLimits.Default"/>.</param>
    /// <param name="files">Symbols and types out of files, for what the dump lacks; null for none.</param>
    /// <exception cref="DumpFormatException">Its page tables are not known: VMCOREINFO is missing or damaged.</exception>
    public static CrashedKernel Open(DumpSource dump, DumpLimits? limits = null, KernelFiles? files = null)
    {
        ArgumentNullException.ThrowIfNull(dump);
        limits ??= DumpLimits.Default;
        var space = AddressSpace.OpenKernel(dump);
        var diagnostics = new List<Diagnostic>();
        KernelSymbols? symbols = files?.Symbols;
        Btf? types = null;
        try
        {
            symbols ??= KernelSymbols.Open(space, dump.Vmcoreinfo, limits);
            types = Btf.Open(space, symbols, limits);
        }
        catch (DumpFormatException e)
        {
            types = symbols is null ? null : files?.Types;
            if (types is null)
            {
                diagnostics.AddRange(e.Diagnostics);
            }
        }

        return new CrashedKernel(dump, space, symbols ?? KernelSymbols.None, types ?? Btf.None, limits, diagnostics);
    }

    /// <summary>The type of a name, as C writes it.</summary>
    /// <exception cref="UnknownTypeException">The kernel has no such type.</exception>
    public KernelType Type(string name) => Types[name];

    /// <summary>A type of the kernel or, where it has none of that name, of the first module that does.</summary>
    public bool TryFindType(string name, [NotNullWhen(true)] out KernelType? type)
    {
        bool isFound = Types.TryFind(name, out type);
        for (int i = 0; !isFound && i < Names.Modules.Count; i++)
        {
            isFound = Names.Modules[i].Types is { } own && own.TryFind(name, out type);
        }

        return isFound;
    }

    /// <summary>What a function of the kernel or of a module takes and returns.</summary>
    public bool TryFindFunction(string name, [NotNullWhen(true)] out KernelType? type)
    {
        bool isFound = Types.TryFindFunction(name, out type);
        for (int i = 0; !isFound && i < Names.Modules.Count; i++)
        {
            isFound = Names.Modules[i].Types is { } own && own.TryFindFunction(name, out type);
        }

        return isFound;
    }

    /// <summary>An object at an address.</summary>
    public KernelObject Object(KernelType type, VirtualAddress address) => new(Space, type, address);

    /// <summary>A global variable whose type is known (see <see cref="GlobalTypes"/>).</summary>
    public bool TryFindGlobal(string name, [NotNullWhen(true)] out KernelObject? value)
    {
        value = null;
        return GlobalTypes.TryFind(name, out string? type) && TryFindGlobal(name, type, out value);
    }

    /// <summary>A global variable as an object of a type.</summary>
    public bool TryFindGlobal(string name, string type, [NotNullWhen(true)] out KernelObject? value)
    {
        value = Types.TryFind(type, out KernelType? found) && Symbols.TryFindAddress(name, out VirtualAddress address)
            ? Object(found, address) : null;
        return value is not null;
    }

    /// <summary>A CPU's own copy of a per-CPU variable; BTF has their types.</summary>
    public bool TryFindPerCpu(string name, int cpu, [NotNullWhen(true)] out KernelObject? value) =>
        _perCpu.TryFind(name, cpu, out value);

    /// <summary>What to add to a per-CPU pointer for a CPU; null when it cannot be read.</summary>
    public ByteCount? PerCpuOffset(int cpu) => _perCpu.OffsetOf(cpu);

    /// <summary>The type of a per-CPU variable; false for other variables, whose types BTF does not have.</summary>
    public bool TryFindPerCpuType(string name, [NotNullWhen(true)] out KernelType? type) =>
        _perCpu.TryFindType(name, out type);

    /// <summary>Where the kernel sees a physical address in its direct map; null when the map's place cannot be read.</summary>
    public VirtualAddress? DirectMapOf(PhysicalAddress address) => DirectMap.AddressOf(this, address);

    /// <summary>The elements of a list of the kernel: what <paramref name="head"/>, a <c>list_head</c>, links.</summary>
    /// <param name="head">The head, which is no element.</param>
    /// <param name="element">The type of the elements.</param>
    /// <param name="member">The <c>list_head</c> within each.</param>
    /// <exception cref="UnknownTypeException">The types are not of a list.</exception>
    public KernelWalk<KernelObject> List(KernelObject head, string element, string member)
    {
        ArgumentNullException.ThrowIfNull(head);
        KernelType type = Type(element);
        return LinkedLists.Ring(head, MaxLinked).Select(link => link.ContainerOf(type, member));
    }

    /// <summary>The elements of a hash chain: what an <c>hlist_head</c> or <c>llist_head</c> links.</summary>
    /// <param name="head">The head.</param>
    /// <param name="element">The type of the elements.</param>
    /// <param name="member">The node within each.</param>
    /// <exception cref="UnknownTypeException">The types are not of a chain.</exception>
    public KernelWalk<KernelObject> Chain(KernelObject head, string element, string member)
    {
        ArgumentNullException.ThrowIfNull(head);
        KernelType type = Type(element);
        return LinkedLists.Chain(head, MaxLinked).Select(link => link.ContainerOf(type, member));
    }

    /// <summary>An object, and all that a pointer in each leads to: <c>vm_area_struct.vm_next</c>.</summary>
    /// <param name="first">The first object, which is given too.</param>
    /// <param name="member">The pointer to the next within each; null ends them, or the first one again.</param>
    /// <exception cref="UnknownTypeException">The type has no such pointer.</exception>
    public KernelWalk<KernelObject> Following(KernelObject first, string member)
    {
        ArgumentNullException.ThrowIfNull(first);
        return first[member].Type.IsPointer ? LinkedLists.Following(first, member, MaxLinked)
            : throw new UnknownTypeException($"{first.Type.Name}.{member} is no pointer");
    }

    /// <summary>The elements of a red-black tree, in order.</summary>
    /// <param name="root">The <c>rb_root</c> or <c>rb_root_cached</c>.</param>
    /// <param name="element">The type of the elements.</param>
    /// <param name="member">The <c>rb_node</c> within each.</param>
    /// <exception cref="UnknownTypeException">The types are not of a tree.</exception>
    public KernelWalk<KernelObject> Tree(KernelObject root, string element, string member)
    {
        ArgumentNullException.ThrowIfNull(root);
        KernelType type = Type(element);
        return RedBlackTrees.Nodes(root, MaxLinked).Select(node => node.ContainerOf(type, member));
    }

    /// <summary>The entries of an <c>xarray</c>, a <c>radix_tree_root</c> or an <c>idr</c>, by number.</summary>
    /// <exception cref="UnknownTypeException">It is none of these.</exception>
    public KernelWalk<IndexedEntry> XArray(KernelObject array)
    {
        ArgumentNullException.ThrowIfNull(array);
        KernelObject root = array.TryGet("idr_rt", out KernelObject? inner) ? inner : array;
        return XArrays.Entries(root, Type("struct xa_node"), MaxLinked);
    }

    /// <summary>The entries of a <c>maple_tree</c>, by ranges of numbers.</summary>
    /// <exception cref="UnknownTypeException">The kernel has no such trees, or it is none.</exception>
    public KernelWalk<IndexedEntry> MapleTree(KernelObject tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        return MapleTrees.Entries(tree, Type("struct maple_node"), MaxLinked);
    }

    /// <summary>The task that a CPU runs, which may be its idle task; null when there is no such CPU, or it cannot be read.</summary>
    public KernelTask? RunningTaskOf(int cpu) => CurrentOf(cpu) is { } task ? new KernelTask(this, task) : null;

    /// <summary>The scheduler's clock of a CPU when it last looked at it, about the time since boot; null when it cannot be read.</summary>
    public TimeSpan? ClockOf(int cpu) =>
        TryFindPerCpu("runqueues", cpu, out KernelObject? queue) && queue.TryGet("clock", out KernelObject? clock)
            ? TaskTimes.Of(clock) : null;

    /// <summary>Types that build on the kernel's; null when they are damaged or cannot be read.</summary>
    internal Btf? ReadTypes(VirtualAddress start, ByteCount size)
    {
        try
        {
            return Btf.Read(Space, start, size, _btf, _limits);
        }
        catch (DumpFormatException)
        {
            return null;
        }
    }

    /// <summary>The task that a CPU runs; null when it cannot be read.</summary>
    internal KernelObject? CurrentOf(int cpu) =>
        TryFindPerCpu("runqueues", cpu, out KernelObject? queue) && queue["curr"] is { Pointer: { Value: not 0 } } current
            ? current.Target : null;
}
