using System.Buffers.Binary;
using System.Text;
using Lifeboat.Core;
using Lifeboat.Inspect.Commands;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Objects;
using Lifeboat.Symbols.Tests.TestSupport;
using Lifeboat.Symbols.Types;

namespace Lifeboat.Inspect.Tests.TestSupport;

/// <summary>
/// A kernel of an image of 2 MiB with symbols, types and a few objects: two CPUs, the second of which runs
/// <c>init</c>, with <c>worker</c> and <c>clock</c> waiting in its queues.
/// </summary>
internal sealed class FakeWorld
{
    internal const ulong Start = ImageMemory.Start;
    internal const ulong DirectMap = 0xffff_8880_0000_0000;
    private const int TableAt = 0x100000;
    private const int TypesAt = 0x101000;
    private const ulong ObjectsAt = 0x180000;
    internal const ulong RunQueues = 0x1000;

    private readonly byte[] _image = new byte[2 << 20];
    private readonly List<(string Name, char Type, ulong Address)> _symbols = [];
    private readonly KernelTypes _types;
    private readonly List<ulong> _queues = [];
    private readonly ImageMemory _memory;
    private CrashedKernel? _kernel;
    private InspectSession? _session;
    private ulong _next = Start + ObjectsAt;

    internal FakeWorld()
    {
        byte[] types = FakeTypes.Write();
        types.CopyTo(_image, TypesAt);
        _types = new KernelTypes(Btf.Parse(types));
        _memory = new ImageMemory(_image);
        _symbols.Add(("runqueues", 'D', RunQueues));
        _symbols.Add(("_stext", 'T', Start));
        _symbols.Add(("start_kernel", 'T', Start + 0x10));
        _symbols.Add(("__start_BTF", 'R', Start + TypesAt));
        _symbols.Add(("__stop_BTF", 'R', Start + TypesAt + (ulong)types.Length));

        // The direct map: the first gigabyte in one page.
        WriteLong(Start + 8 * (DirectMap >> 39 & 511), 0x1000000 + TableAt + 1);
        WriteLong(Start + TableAt, 0x81);
        Worker = AddTasks();
        FakeObjects.AddTo(this);
    }

    internal ulong InitTask { get; private set; }

    /// <summary>The head of the list of modules, which is empty.</summary>
    internal ulong Modules { get; private set; }

    /// <summary>A task that waits for a CPU.</summary>
    internal ulong Worker { get; }

    internal CrashedKernel Kernel => _kernel ??= Open();

    /// <summary>The kernel's memory as a dump, complete; several threads may read it.</summary>
    internal ImageDump Image
    {
        get
        {
            _ = Kernel;
            return new ImageDump(_memory);
        }
    }

    internal InspectSession Session => _session ??= new InspectSession(Kernel);

    /// <summary>What the kernel exports of itself; before it is opened.</summary>
    internal void Export(string key, string value) => _memory.Info[key] = value;

    /// <summary>Leaves the page out that an address lies in.</summary>
    internal void Exclude(ulong address) => _memory.UnreadablePages.Add((address - Start) / 4096);

    /// <summary>An object of zeros, or several.</summary>
    internal ulong New(string type, string? symbol = null, int count = 1)
    {
        ulong address = _next;
        _next += ((_types[type].Size.Value * (ulong)count) + 63) & ~63UL;
        if (symbol is not null)
        {
            _symbols.Add((symbol, 'D', address));
        }

        return address;
    }

    internal ulong Size(string type) => _types[type].Size.Value;

    /// <summary>A CPU's run queue.</summary>
    internal ulong Queue(int cpu) => _queues[cpu];

    internal ulong Place(ulong address, string type, string member)
    {
        Assert.True(_types[type].TryFindMember(member, out KernelMember? found), member);
        return address + found.Offset.Value;
    }

    internal void Set(ulong address, string type, string member, ulong value)
    {
        Assert.True(_types[type].TryFindMember(member, out KernelMember? found), member);
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value << found.FirstBit);
        bytes[..(int)found.Type.Size.Value].CopyTo(_image.AsSpan((int)(address + found.Offset.Value - Start)));
    }

    internal void WriteLong(ulong address, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(_image.AsSpan((int)(address - Start)), value);

    /// <summary>Changes a few bytes of the objects: to any value, or to what points to another object.</summary>
    internal void Damage(Random random)
    {
        ulong used = _next - Start - ObjectsAt;
        for (int i = 0; i < 8; i++)
        {
            ulong place = Start + ObjectsAt + ((ulong)random.NextInt64((long)used) & ~7UL);
            WriteLong(place, random.Next(4) switch
            {
                0 => (ulong)random.NextInt64(),
                1 => 0,
                2 => Start + ObjectsAt + (ulong)random.NextInt64((long)used),
                _ => ulong.MaxValue - (ulong)random.Next(4096),
            });
        }
    }

    /// <summary>A function of these bytes.</summary>
    internal void WriteCode(string name, ulong address, params byte[] code)
    {
        code.CopyTo(_image, (int)(address - Start));
        _symbols.Add((name, 'T', address));
        _symbols.Add(($"end_of_{name}", 'T', address + (ulong)code.Length));
    }

    internal void WriteText(ulong address, string text) =>
        Encoding.UTF8.GetBytes(text).CopyTo(_image, (int)(address - Start));

    /// <summary>Makes a list's head an empty list.</summary>
    internal void Clear(ulong head) => Ring(head);

    /// <summary>Links a head and nodes.</summary>
    internal void Ring(ulong head, params ulong[] nodes)
    {
        ulong[] all = [head, .. nodes];
        for (int i = 0; i < all.Length; i++)
        {
            WriteLong(all[i], all[(i + 1) % all.Length]);
            WriteLong(all[(i + 1) % all.Length] + 8, all[i]);
        }
    }

    /// <summary>Runs a command; its words are separated by blanks.</summary>
    internal IReadOnlyList<Table> Tables(string command)
    {
        string[] words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(InspectCommands.TryFind(words[0], out InspectCommand? found), command);
        return found.Run(Session, words[1..]);
    }

    /// <summary>What a command prints.</summary>
    internal string Run(string command)
    {
        using var output = new StringWriter { NewLine = "\n" };
        IReadOnlyList<Table> tables = Tables(command);
        foreach (Table table in tables)
        {
            TableText.Write(table, output);
        }

        _ = TableJson.Write(command, tables);
        return output.ToString();
    }

    /// <summary>The same of a kernel that has kept nothing of what it read before.</summary>
    internal string RunAnew(string command)
    {
        (_kernel, _session) = (null, null);
        return Run(command);
    }

    internal static string Hex(ulong value) => $"{value:x}";

    private ulong AddTasks()
    {
        ulong idle = New("struct task_struct", "init_task");
        ulong init = New("struct task_struct");
        ulong worker = New("struct task_struct");
        ulong clock = New("struct task_struct");
        ulong signal = New("struct signal_struct");
        (ulong Task, string Name, ulong Pid)[] tasks = [(idle, "swapper/0", 0), (init, "init", 1), (worker, "worker", 7), (clock, "clock", 8)];
        foreach ((ulong task, string name, ulong pid) in tasks)
        {
            WriteText(Place(task, "struct task_struct", "comm"), name);
            Set(task, "struct task_struct", "pid", pid);
            Set(task, "struct task_struct", "tgid", pid);
            Set(task, "struct task_struct", "prio", 120);
            Set(task, "struct task_struct", "real_parent", idle);
            Set(task, "struct task_struct", "signal", signal);
        }

        foreach ((ulong task, _, _) in tasks)
        {
            Clear(Place(task, "struct task_struct", "children"));
        }

        Ring(Place(idle, "struct task_struct", "children"), Place(worker, "struct task_struct", "sibling"), Place(clock, "struct task_struct", "sibling"));
        Set(worker, "struct task_struct", "sched_info.last_arrival", 3_000_000_000);
        Set(clock, "struct task_struct", "sched_info.last_arrival", 4_000_000_000);
        Set(worker, "struct task_struct", "start_time", 1_500_000_000);
        Set(worker, "struct task_struct", "stime", 2_000_000);
        Clear(Place(signal, "struct signal_struct", "thread_head"));
        Ring(Place(idle, "struct task_struct", "tasks"), [.. tasks[1..].Select(task => Place(task.Task, "struct task_struct", "tasks"))]);
        Modules = New("struct list_head", "modules");
        Clear(Modules);
        Set(init, "struct task_struct", "on_cpu", 1);
        ulong offsets = New("unsigned long", "__per_cpu_offset", 2);
        ulong possible = New("struct cpumask", "__cpu_possible_mask");
        ulong online = New("struct cpumask", "__cpu_online_mask");
        WriteLong(possible, 3);
        WriteLong(online, 3);
        for (ulong cpu = 0; cpu < 2; cpu++)
        {
            ulong queue = New("struct rq");
            _queues.Add(queue);
            WriteLong(offsets + (8 * cpu), queue - RunQueues);
            Set(queue, "struct rq", "idle", idle);
            Set(queue, "struct rq", "curr", cpu == 0 ? idle : init);
            Set(queue, "struct rq", "nr_running", cpu * 2);
            Set(queue, "struct rq", "clock", 5_000_000_000);
            ulong lists = Place(queue, "struct rq", "rt.active.queue");
            for (ulong priority = 0; priority < 4; priority++)
            {
                Clear(lists + (16 * priority));
            }

            if (cpu == 1)
            {
                Ring(lists + 32, Place(clock, "struct task_struct", "rt.run_list"));
                Set(queue, "struct rq", "cfs.tasks_timeline.rb_root.rb_node", Place(worker, "struct task_struct", "se.run_node"));
            }
        }

        ulong jiffies = New("unsigned long", "jiffies");
        WriteLong(jiffies, 0x1234_5678);
        ulong load = New("unsigned long", "avenrun", 3);
        WriteLong(load, 3 << 10);
        WriteLong(New("unsigned long", "tainted_mask"), 1 << 12);
        WriteLong(New("int", "crashing_cpu"), 1);
        ulong text = New("char", null, 64);
        WriteText(text, "root=/dev/vda quiet");
        WriteLong(New("char *", "saved_command_line"), text);
        InitTask = init;
        return worker;
    }

    private CrashedKernel Open()
    {
        var writer = new KallsymsWriter();
        _symbols.RemoveAll(symbol => symbol.Name == "_end");
        _symbols.Add(("_end", 'B', Start + (ulong)_image.Length - 1));
        byte[] kallsyms = writer.Write([.. _symbols.OrderBy(symbol => symbol.Address)], KallsymsWriter.Form.PerCpuAbsolute);
        Assert.InRange(kallsyms.Length, 4096, TableAt);
        kallsyms.AsSpan(4096).CopyTo(_image.AsSpan(4096));
        foreach ((string name, ulong place) in writer.Places)
        {
            _memory.Info[$"SYMBOL({name})"] = Hex(place);
        }

        return CrashedKernel.Open(new ImageDump(_memory), new DumpLimits { MaxLinkedObjects = 200 });
    }
}
