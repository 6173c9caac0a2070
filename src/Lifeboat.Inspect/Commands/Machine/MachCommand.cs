using System.Globalization;
using Lifeboat.Core.Memory;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Processors;

namespace Lifeboat.Inspect.Commands.Machine;

/// <summary><c>mach</c>: the hardware, and where the kernel put its memory.</summary>
internal sealed class MachCommand : InspectCommand
{
    public override string Name => "mach";

    public override string Summary => "the hardware: CPUs, memory, where the kernel put its memory and stacks";

    public override string Usage =>
        """
        mach [-c | -m]

          (none)  the machine as a whole
          -c      each CPU: model, frequency, the stack of its interrupts
          -m      what the firmware said of memory (e820)
        """;

    public override IReadOnlyList<Table> Run(InspectSession session, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(arguments);
        return arguments switch
        {
            [] => [Whole(session.Kernel)],
            ["-c"] => [Cpus(session.Kernel)],
            ["-m"] => [Memory(session.Kernel)],
            [['-', ..] option, ..] => throw new CommandWords("mach", arguments).Unknown(option),
            _ => throw new CommandWords("mach", arguments).Wrong("one option, or nothing"),
        };
    }

    private static Table Whole(CrashedKernel kernel)
    {
        Kernel.Processors.Machine machine = kernel.Machine;
        var columns = new List<Column>();
        var cells = new List<Cell>();
        void Add(string title, string key, string? value)
        {
            columns.Add(new Column(title, key, ColumnKind.Text));
            cells.Add(Cell.Text(value));
        }

        ulong ram = 0;
        foreach (PhysicalRange range in kernel.Dump.RamRanges)
        {
            ram += range.Length.Value;
        }

        Add("CPUS", "cpus", string.Create(CultureInfo.InvariantCulture, $"{kernel.OnlineCpus.Count} of {kernel.Cpus.Count}"));
        Add("CPU", "cpuModel", machine.CpuModel);
        Add("VENDOR", "cpuVendor", machine.CpuVendor);
        Add("SPEED", "cpuSpeed", Megahertz(machine.CpuKilohertz));
        Add("MEMORY", "memory", new ByteCount(ram).ToString());
        Add("PAGE SIZE", "pageSize", machine.PageSize.ToString());
        Add("STACK SIZE", "stackSize", machine.StackSize?.ToString());
        Add("PAGE TABLES", "pageTables", string.Create(CultureInfo.InvariantCulture, $"{kernel.Space.Levels} levels"));
        Add("KERNEL TEXT", "text", machine.Text?.ToString());
        Add("DIRECT MAP", "directMap", machine.DirectMap?.ToString());
        Add("VMALLOC", "vmalloc", machine.Vmalloc?.ToString());
        Add("VMEMMAP", "vmemmap", machine.Vmemmap?.ToString());
        var table = new Table("machine", columns) { IsRecord = true };
        table.Add(cells);
        return table;
    }

    private static Table Cpus(CrashedKernel kernel)
    {
        var table = new Table(
            "cpus",
            new Column("CPU", "cpu", ColumnKind.Number),
            new Column("", "state", ColumnKind.Text),
            new Column("CPUINFO", "cpuinfo", ColumnKind.Hex),
            new Column("IRQ STACK", "interruptStack", ColumnKind.Hex),
            new Column("CACHE KIB", "cacheKib", ColumnKind.Number),
            new Column("MODEL", "model", ColumnKind.Text));
        foreach (int cpu in kernel.Cpus)
        {
            KernelObject? info = kernel.TryFindPerCpu("cpu_info", cpu, out KernelObject? found) ? found : null;
            bool isOnline = false;
            foreach (int online in kernel.OnlineCpus)
            {
                isOnline |= online == cpu;
            }

            table.Add(
                Cell.Number(cpu),
                Cell.Text(isOnline ? "online" : "offline"),
                Cell.Address(info?.Address),
                Cell.Address(kernel.Machine.InterruptStack(cpu)),
                Cell.Number(info?.TryGet("x86_cache_size", out KernelObject? cache) == true ? cache.Signed : null),
                Cell.Text(info?.TryGet("x86_model_id", out KernelObject? model) == true ? model.Text(64)?.Trim() : null));
        }

        return table;
    }

    private static Table Memory(CrashedKernel kernel)
    {
        var table = new Table(
            "firmwareMap",
            new Column("START", "start", ColumnKind.Hex),
            new Column("END", "end", ColumnKind.Hex),
            new Column("KIB", "sizeBytes", ColumnKind.KibiBytes),
            new Column("KIND", "kind", ColumnKind.Text));
        foreach (FirmwareRange range in kernel.Machine.FirmwareMap())
        {
            table.Add(
                Cell.Address(new VirtualAddress(range.Start.Value)),
                Cell.Address(new VirtualAddress(range.End.Value)),
                Cell.Size(new ByteCount(range.End.Value - range.Start.Value)),
                Cell.Text(range.Kind));
        }

        if (table.Rows.Count == 0)
        {
            table.Note("the kernel has no such map, or it cannot be read");
        }

        return table;
    }

    private static string? Megahertz(ulong? kilohertz) => kilohertz is not { } value ? null
        : value == 0 ? "" : ((double)value / 1000).ToString("0.0", CultureInfo.InvariantCulture) + " MHz";
}
