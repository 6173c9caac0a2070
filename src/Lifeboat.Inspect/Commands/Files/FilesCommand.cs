using System.Globalization;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel.Files;
using Lifeboat.Kernel.Objects.Walks;
using Lifeboat.Kernel.Tasks;

namespace Lifeboat.Inspect.Commands.Files;

/// <summary><c>files</c>: the open files of tasks.</summary>
internal sealed class FilesCommand : InspectCommand
{
    public override string Name => "files";

    public override string Summary => "open files of a task, its folder and its root";

    public override string Usage =>
        """
        files [-c] [-A] [-R WHAT] [PID | TASK | NAME]...

          -c        with each file, the pages of it that are in the page cache
          -A        of every process
          -R WHAT   only files that match: a number, the address of a file, dentry or inode in hex, or a part of the path
          PID, TASK, NAME
                    by number, by the address of the task_struct in hex, or by name; without any, the task that crashed, or
                    the one chosen with set

        TYPE is REG, DIR, CHR, BLK, PIPE, SOCK, LNK, and UNKN for what is none of these. A path begins at the root of all
        mounts.
        """;

    public override IReadOnlyList<Table> Run(InspectSession session, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(arguments);
        (bool countsPages, bool all, string? match) = (false, false, null);
        var wanted = new List<string>();
        var words = new CommandWords("files", arguments);
        while (words.TryNext(out string word))
        {
            switch (word)
            {
                case "-c":
                    countsPages = true;
                    break;
                case "-A":
                    all = true;
                    break;
                case "-R":
                    match = words.ValueOf("-R");
                    break;
                case ['-', ..]:
                    throw words.Unknown(word);
                default:
                    wanted.Add(word);
                    break;
            }
        }

        var tables = new List<Table>();
        var notes = new Table("files", Columns(countsPages));
        foreach (KernelTask task in all ? Processes(session, notes) : new TaskChoice(wanted).FindIn(session, notes))
        {
            Table table = Show(task, countsPages, match);
            if (match is null || table.Rows.Count > 0)
            {
                tables.Add(table);
            }
        }

        if (tables.Count == 0 || notes.Notes.Count > 0)
        {
            tables.Add(notes);
        }

        return tables;
    }

    /// <summary>What crash calls a kind of file.</summary>
    internal static string KindOf(FileKind? kind) => kind switch
    {
        FileKind.Regular => "REG",
        FileKind.Folder => "DIR",
        FileKind.CharacterDevice => "CHR",
        FileKind.BlockDevice => "BLK",
        FileKind.Pipe => "PIPE",
        FileKind.Socket => "SOCK",
        FileKind.Link => "LNK",
        FileKind.Unknown => "UNKN",
        _ => Cell.Missing,
    };

    private static List<KernelTask> Processes(InspectSession session, Table notes)
    {
        var found = new List<KernelTask>();
        KernelWalk<KernelTask> tasks = session.Kernel.Tasks;
        foreach (KernelTask task in tasks)
        {
            if (task.IsKernelThread == false && task.Pid == task.ProcessId)
            {
                found.Add(task);
            }
        }

        WalkNotes.Add(notes, "tasks", tasks);
        return found;
    }

    private static List<Column> Columns(bool countsPages)
    {
        List<Column> columns =
        [
            new("FD", "fd", ColumnKind.Number),
            new("FILE", "file", ColumnKind.Hex),
            new("DENTRY", "dentry", ColumnKind.Hex),
            new("INODE", "inode", ColumnKind.Hex),
        ];
        if (countsPages)
        {
            columns.Add(new("MAPPING", "mapping", ColumnKind.Hex));
            columns.Add(new("PAGES", "cachedPages", ColumnKind.Number));
        }

        columns.Add(new("TYPE", "type", ColumnKind.Text));
        columns.Add(new("PATH", "path", ColumnKind.Text));
        return columns;
    }

    private static Table Show(KernelTask task, bool countsPages, string? match)
    {
        var table = new Table("files", Columns(countsPages))
        {
            Title = string.Create(
                CultureInfo.InvariantCulture,
                $"PID {task.Pid}  {task.Name}  task {task.Address}  root {task.RootFolder ?? "-"}  folder {task.WorkingFolder ?? "-"}"),
        };
        KernelWalk<OpenFile> files = task.OpenFiles;
        foreach (OpenFile open in files)
        {
            KernelInode? inode = open.File.Inode;
            string? path = open.File.Path;
            if (match is not null && !Matches(open, inode, path, match))
            {
                continue;
            }

            List<Cell> cells =
            [
                Cell.Number(open.Descriptor),
                Cell.Address(open.File.Object.Fault == Core.Memory.MemoryFault.None ? open.File.Object.Address : null),
                Cell.Address(open.File.Dentry),
                Cell.Address(inode?.Object.Address),
            ];
            if (countsPages)
            {
                cells.Add(Cell.Address(inode?.Mapping));
                cells.Add(Cell.Unsigned(inode?.CachedPages));
            }

            cells.Add(Cell.Text(KindOf(inode?.Kind)));
            cells.Add(Cell.Text(path));
            table.Add(cells);
        }

        WalkNotes.Add(table, "files", files);
        return table;
    }

    private static bool Matches(OpenFile open, KernelInode? inode, string? path, string match)
    {
        bool isNumber = int.TryParse(match, NumberStyles.None, CultureInfo.InvariantCulture, out int number);
        return (isNumber && open.Descriptor == number)
            || (Places.TryParseHex(match, out ulong address)
                && (open.File.Object.Address.Value == address || open.File.Dentry?.Value == address || inode?.Object.Address.Value == address))
            || (!isNumber && path is not null && path.Contains(match, StringComparison.Ordinal));
    }
}
