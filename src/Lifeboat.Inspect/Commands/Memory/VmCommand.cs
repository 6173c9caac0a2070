using Lifeboat.Core.Memory;
using Lifeboat.Inspect.Commands.Objects;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Memory;
using Lifeboat.Kernel.Objects.Walks;
using Lifeboat.Kernel.Tasks;

namespace Lifeboat.Inspect.Commands.Memory;

/// <summary><c>vm</c>: the user memory of processes.</summary>
internal sealed class VmCommand : InspectCommand
{
    private const ulong MostPages = 1 << 18;
    private const ulong TableBytes = 2 << 20;

    public override string Name => "vm";

    public override string Summary => "the user memory of processes: areas, files, pages";

    public override string Usage =>
        """
        vm [-p | -m | -v] [TASK...]

          -p        also where each page is: its physical address, a place in a swap area, or the file it comes from
          -m        the mm_struct instead
          -v        each area's vm_area_struct instead
          TASK      number, address or name; without it the task that was chosen, or that crashed

        RSS and TOTAL_VM are KiB. PERM is as in /proc/PID/maps: s for shared, p for private memory.
        """;

    public override IReadOnlyList<Table> Run(InspectSession session, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(arguments);
        string option = "";
        var names = new List<string>();
        var words = new CommandWords("vm", arguments);
        while (words.TryNext(out string word))
        {
            switch (word)
            {
                case "-p" or "-m" or "-v" when option.Length == 0:
                    option = word;
                    break;
                case ['-', ..]:
                    throw words.Unknown(word);
                default:
                    names.Add(word);
                    break;
            }
        }

        var tables = new List<Table>();
        var notes = new Table("tasks");
        foreach (KernelTask task in new TaskChoice(names).FindIn(session, notes))
        {
            Add(session, task, option, tables);
        }

        if (notes.Notes.Count > 0)
        {
            tables.Add(notes);
        }

        return tables;
    }

    private static void Add(InspectSession session, KernelTask task, string option, List<Table> tables)
    {
        ProcessMemory? memory = task.Memory;
        Table summary = Summarize(task, memory);
        tables.Add(summary);
        if (memory is null)
        {
            summary.Note($"task {task} has no user memory");
        }
        else if (option == "-m")
        {
            tables.AddRange(new StructCommand().Run(session, ["mm_struct", Hex(memory.Object.Address)]));
        }
        else if (option == "-v")
        {
            foreach (UserArea area in memory.Areas)
            {
                tables.AddRange(new StructCommand().Run(session, ["vm_area_struct", Hex(area.Object.Address)]));
            }
        }
        else
        {
            tables.Add(Areas(memory));
            if (option == "-p")
            {
                tables.Add(Pages(session.Kernel, memory));
            }
        }
    }

    private static string Hex(VirtualAddress address) => address.ToString();

    private static Table Summarize(KernelTask task, ProcessMemory? memory)
    {
        var table = new Table(
            "process",
            new Column("PID", "pid", ColumnKind.Number),
            new Column("TASK", "task", ColumnKind.Hex),
            new Column("CPU", "cpu", ColumnKind.Number),
            new Column("COMM", "name", ColumnKind.Text),
            new Column("MM", "mm", ColumnKind.Hex),
            new Column("PGD", "pgd", ColumnKind.Hex),
            new Column("RSS", "resident", ColumnKind.KibiBytes),
            new Column("TOTAL_VM", "virtual", ColumnKind.KibiBytes));
        table.Add(
            Cell.Number(task.Pid),
            Cell.Address(task.Address),
            Cell.Number(task.Cpu),
            Cell.Text(task.Name),
            memory is null ? Cell.Empty : Cell.Address(memory.Object.Address),
            memory is null ? Cell.Empty : Cell.Address(memory.PageTables),
            memory is null ? Cell.Empty : Size(memory.ResidentPages),
            memory is null ? Cell.Empty : Size(memory.VirtualPages));
        return table;
    }

    private static Cell Size(long? pages) =>
        Cell.Size(pages is >= 0 and < (1L << 50) ? new ByteCount((ulong)pages.Value * Pfn.PageSize) : null);

    private static Table Areas(ProcessMemory memory)
    {
        var table = new Table(
            "areas",
            new Column("VMA", "vma", ColumnKind.Hex),
            new Column("START", "start", ColumnKind.Hex),
            new Column("END", "end", ColumnKind.Hex),
            new Column("FLAGS", "flags", ColumnKind.Hex),
            new Column("PERM", "permissions", ColumnKind.Text),
            new Column("OFFSET", "offset", ColumnKind.Hex),
            new Column("FILE", "file", ColumnKind.Text));
        KernelWalk<UserArea> areas = memory.Areas;
        foreach (UserArea area in areas)
        {
            table.Add(
                Cell.Address(area.Object.Address),
                Cell.Address(area.Start),
                Cell.Address(area.End),
                Cell.Address(area.Flags is { } flags ? new VirtualAddress(flags) : null),
                Cell.Text(area.Permissions),
                Cell.Address(area.Offset is { } offset ? new VirtualAddress(offset.Value) : null),
                Cell.Text(area.Name));
        }

        WalkNotes.Add(table, "areas", areas);
        return table;
    }

    private static Table Pages(CrashedKernel kernel, ProcessMemory memory)
    {
        var table = new Table(
            "pages",
            new Column("VIRTUAL", "virtual", ColumnKind.Hex),
            new Column("PHYSICAL", "physical", ColumnKind.Hex),
            new Column("PAGE", "page", ColumnKind.Text));
        ulong count = 0;
        foreach (UserArea area in memory.Areas)
        {
            if (area.Start is not { } start || area.End is not { } end)
            {
                continue;
            }

            string? file = null;
            ulong last = Math.Min(end.Value, EndOfUsers(kernel));
            for (ulong place = start.Value; place < last;)
            {
                UserPage page = memory.PageAt(new VirtualAddress(place));
                bool isNothing = page.State == UserPageState.Nothing;

                // What was never touched of an area without a file may be most of the machine's addresses: it has no rows.
                if (!isNothing || area.File is not null)
                {
                    if (count++ == MostPages)
                    {
                        table.Note($"more than {MostPages} pages: the rest is not shown");
                        return table;
                    }

                    table.Add(
                        Cell.Address(new VirtualAddress(place)),
                        page.Physical is { } physical ? Cell.Address(new VirtualAddress(physical.Value)) : Cell.Empty,
                        Cell.Text(isNothing ? $"file: {file ??= area.Name}" : UserPages.Describe(kernel, page)));
                }

                // A table that cannot be read is said once.
                ulong size = page.State == UserPageState.Unknown ? TableBytes
                    : isNothing && area.File is null ? page.Size.Value : Pfn.PageSize;
                place += Math.Min(size - (place & (size - 1)), last - place);
            }
        }

        return table;
    }

    private static ulong EndOfUsers(CrashedKernel kernel) => 1UL << (kernel.Space.Levels == 5 ? 56 : 47);
}
