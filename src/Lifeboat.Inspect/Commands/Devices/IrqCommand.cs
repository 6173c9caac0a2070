using System.Globalization;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Interrupts;
using Lifeboat.Kernel.Objects.Walks;

namespace Lifeboat.Inspect.Commands.Devices;

/// <summary><c>irq</c>: interrupts, who is called for them, how often they came.</summary>
internal sealed class IrqCommand : InspectCommand
{
    public override string Name => "irq";

    public override string Summary => "interrupts: who is called for them, and how often they came";

    public override string Usage =>
        """
        irq [-u] [-s | -b] [-c CPU] [NUMBER]

          -u      only interrupts that somebody is called for
          -s      how often each came to each CPU
          -b      the work that interrupts leave for later (softirq), and how often each CPU did it
          -c CPU  with -s and -b, only this CPU
          NUMBER  only this interrupt
        """;

    public override IReadOnlyList<Table> Run(InspectSession session, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(arguments);
        (bool used, bool counts, bool soft, ulong? number) = (false, false, false, null);
        IReadOnlyList<int> cpus = session.Kernel.OnlineCpus;
        var words = new CommandWords("irq", arguments);
        while (words.TryNext(out string word))
        {
            switch (word)
            {
                case "-u":
                    used = true;
                    break;
                case "-s":
                    counts = true;
                    break;
                case "-b":
                    soft = true;
                    break;
                case "-c":
                    cpus = [CpuOf(words.ValueOf("-c"))];
                    break;
                case ['-', ..]:
                    throw words.Unknown(word);
                default:
                    number = ulong.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out ulong parsed) ? parsed
                        : throw words.Wrong("the number of an interrupt");
                    break;
            }
        }

        if (soft)
        {
            return [SoftInterrupts(session.Kernel, cpus)];
        }

        Table table = counts ? CountTable(cpus) : ActionTable();
        KernelWalk<InterruptLine> lines = session.Kernel.Interrupts;
        foreach (InterruptLine line in lines)
        {
            if ((number is null || line.Number == number) && (!used || HasAction(line)))
            {
                if (counts)
                {
                    AddCounts(table, line, cpus);
                }
                else
                {
                    AddActions(session.Kernel, table, line);
                }
            }
        }

        WalkNotes.Add(table, "interrupts", lines);
        return [table];
    }

    private static int CpuOf(string word) => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int cpu) ? cpu
        : throw new CommandException($"-c takes the number of a CPU, not {word}");

    private static bool HasAction(InterruptLine line)
    {
        foreach (InterruptAction action in line.Actions)
        {
            return action.Object.Address.Value != 0;
        }

        return false;
    }

    private static Table ActionTable() => new(
        "interrupts",
        new Column("IRQ", "irq", ColumnKind.Number),
        new Column("IRQ_DESC", "desc", ColumnKind.Hex),
        new Column("CHIP", "chip", ColumnKind.Text),
        new Column("HWIRQ", "hwirq", ColumnKind.Number),
        new Column("FLOW", "flow", ColumnKind.Text),
        new Column("IRQACTION", "action", ColumnKind.Hex),
        new Column("HANDLER", "handler", ColumnKind.Text),
        new Column("NAME", "name", ColumnKind.Text));

    private static Table CountTable(IReadOnlyList<int> cpus)
    {
        List<Column> columns = [new("IRQ", "irq", ColumnKind.Number)];
        AddCpus(columns, cpus);
        columns.Add(new("CHIP", "chip", ColumnKind.Text));
        columns.Add(new("NAMES", "names", ColumnKind.Text));
        return new Table("interruptCounts", columns);
    }

    private static void AddCpus(List<Column> columns, IReadOnlyList<int> cpus)
    {
        foreach (int cpu in cpus)
        {
            columns.Add(new(
                string.Create(CultureInfo.InvariantCulture, $"CPU{cpu}"),
                string.Create(CultureInfo.InvariantCulture, $"cpu{cpu}"),
                ColumnKind.Number));
        }
    }

    private static void AddActions(CrashedKernel kernel, Table table, InterruptLine line)
    {
        bool isFirst = true;
        KernelWalk<InterruptAction> actions = line.Actions;
        foreach (InterruptAction action in actions)
        {
            AddAction(kernel, table, line, action);
            isFirst = false;
        }

        if (isFirst)
        {
            AddAction(kernel, table, line, null);
        }

        WalkNotes.Add(table, "actions", actions);
    }

    private static void AddAction(CrashedKernel kernel, Table table, InterruptLine line, InterruptAction? action) => table.Add(
        Cell.Unsigned(line.Number),
        Cell.Address(line.Object.Address),
        Cell.Text(line.Chip),
        Cell.Unsigned(line.HardwareNumber),
        Cell.Text(line.Flow),
        action is null ? Cell.Empty : Cell.Address(action.Object.Address),
        action is null ? Cell.Empty
            : Cell.Text(action.Handler is { } handler ? Places.NameOf(kernel, handler) ?? handler.ToString() : null),
        action is null ? Cell.Empty : Cell.Text(action.Name));

    private static void AddCounts(Table table, InterruptLine line, IReadOnlyList<int> cpus)
    {
        List<Cell> cells = [Cell.Unsigned(line.Number)];
        foreach (int cpu in cpus)
        {
            cells.Add(Cell.Unsigned(line.CountOn(cpu)));
        }

        var names = new List<string>();
        foreach (InterruptAction action in line.Actions)
        {
            names.Add(action.Name ?? Cell.Missing);
        }

        cells.Add(Cell.Text(line.Chip));
        cells.Add(Cell.Text(string.Join(", ", names)));
        table.Add(cells);
    }

    private static Table SoftInterrupts(CrashedKernel kernel, IReadOnlyList<int> cpus)
    {
        List<Column> columns = [new("#", "number", ColumnKind.Number), new("NAME", "name", ColumnKind.Text)];
        AddCpus(columns, cpus);
        columns.Add(new("ACTION", "action", ColumnKind.Text));
        var table = new Table("softInterrupts", columns);
        foreach (SoftInterrupt kind in kernel.SoftInterrupts)
        {
            List<Cell> cells = [Cell.Number(kind.Number), Cell.Text(kind.Name)];
            foreach (int cpu in cpus)
            {
                cells.Add(Cell.Unsigned(kind.CountOn(cpu)));
            }

            cells.Add(Cell.Text(kind.Action is not { } action ? null
                : action.Value == 0 ? "" : Places.NameOf(kernel, action) ?? action.ToString()));
            table.Add(cells);
        }

        return table;
    }
}
