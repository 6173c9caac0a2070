using System.Globalization;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel.Files;
using Lifeboat.Kernel.Objects.Walks;
using Lifeboat.Kernel.Tasks;

namespace Lifeboat.Inspect.Commands.Files;

/// <summary><c>mount</c>: the mounted file systems.</summary>
internal sealed class MountCommand : InspectCommand
{
    public override string Name => "mount";

    public override string Summary => "mounted file systems of a task's namespace";

    public override string Usage =>
        """
        mount [-f] [-i] [-n PID | TASK] [WHAT]

          -f      with each, the files that processes have open in it
          -i      with each, the files of it that are not written yet
          -n PID, TASK
                  as this task sees them; without it, as the task that crashed, or the one chosen with set
          WHAT    only these: the address of a mount or super_block in hex, a device, a kind, or where it is mounted

        They stand in the order in which they were mounted.
        """;

    public override IReadOnlyList<Table> Run(InspectSession session, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(arguments);
        (bool showsOpen, bool showsDirty, string? task, string? match) = (false, false, null, null);
        var words = new CommandWords("mount", arguments);
        while (words.TryNext(out string word))
        {
            switch (word)
            {
                case "-f":
                    showsOpen = true;
                    break;
                case "-i":
                    showsDirty = true;
                    break;
                case "-n":
                    task = words.ValueOf("-n");
                    break;
                case ['-', ..]:
                    throw words.Unknown(word);
                default:
                    match = match is null ? word : throw words.Wrong("one mount");
                    break;
            }
        }

        var table = new Table(
            "mounts",
            new Column("MOUNT", "mount", ColumnKind.Hex),
            new Column("SUPERBLK", "superBlock", ColumnKind.Hex),
            new Column("TYPE", "type", ColumnKind.Text),
            new Column("", "access", ColumnKind.Text),
            new Column("DEVICE", "device", ColumnKind.Text),
            new Column("FOLDER", "folder", ColumnKind.Text));
        var tables = new List<Table> { table };
        if (TaskContext.Find(session, task, table)?.Mounts is not { } space)
        {
            table.Note("the task's mounts cannot be read: it is gone, or its namespace is not in the dump");
            return tables;
        }

        KernelWalk<KernelMount> mounts = space.Mounts;
        foreach (KernelMount mount in mounts)
        {
            if (match is null || Matches(mount, match))
            {
                Add(table, mount);
                if (showsOpen)
                {
                    tables.Add(OpenFilesOf(session, mount));
                }

                if (showsDirty)
                {
                    tables.Add(DirtyFilesOf(mount));
                }
            }
        }

        WalkNotes.Add(table, "mounts", mounts);
        return tables;
    }

    private static void Add(Table table, KernelMount mount) => table.Add(
        Cell.Address(mount.Object.Address),
        Cell.Address(mount.SuperBlock),
        Cell.Text(mount.FileSystem),
        Cell.Text(mount.IsReadOnly is { } isReadOnly ? isReadOnly ? "ro" : "rw" : null),
        Cell.Text(mount.Device),
        Cell.Text(mount.Folder));

    private static bool Matches(KernelMount mount, string match) =>
        (Places.TryParseHex(match, out ulong address) && (mount.Object.Address.Value == address || mount.SuperBlock?.Value == address))
        || mount.Device == match || mount.Folder == match || mount.FileSystem == match;

    private static Table OpenFilesOf(InspectSession session, KernelMount mount)
    {
        var table = new Table(
            "openFiles",
            new Column("PID", "pid", ColumnKind.Number),
            new Column("FD", "fd", ColumnKind.Number),
            new Column("FILE", "file", ColumnKind.Hex),
            new Column("TYPE", "type", ColumnKind.Text),
            new Column("PATH", "path", ColumnKind.Text))
        { Title = $"open in {mount.Folder}" };
        KernelWalk<KernelTask> tasks = session.Kernel.Tasks;
        foreach (KernelTask task in tasks)
        {
            if (task.IsKernelThread != false || task.Pid != task.ProcessId)
            {
                continue;
            }

            KernelWalk<OpenFile> files = task.OpenFiles;
            foreach (OpenFile open in files)
            {
                // One file system may be mounted twice: what counts is the way by which it was opened.
                if (open.File.Object.TryGet("f_path.mnt", out Kernel.Objects.KernelObject? mounted)
                    && mounted.Pointer is { } by && by == mount.Object["mnt"].Address)
                {
                    table.Add(
                        Cell.Number(task.Pid),
                        Cell.Number(open.Descriptor),
                        Cell.Address(open.File.Object.Address),
                        Cell.Text(FilesCommand.KindOf(open.File.Inode?.Kind)),
                        Cell.Text(open.File.Path));
                }
            }

            WalkNotes.Add(table, string.Create(CultureInfo.InvariantCulture, $"files of PID {task.Pid}"), files);
        }

        WalkNotes.Add(table, "tasks", tasks);
        return table;
    }

    private static Table DirtyFilesOf(KernelMount mount)
    {
        var table = new Table(
            "dirtyFiles",
            new Column("INODE", "inode", ColumnKind.Hex),
            new Column("NUMBER", "number", ColumnKind.Number),
            new Column("TYPE", "type", ColumnKind.Text),
            new Column("PAGES", "cachedPages", ColumnKind.Number),
            new Column("KIB", "sizeBytes", ColumnKind.KibiBytes))
        { Title = $"not written in {mount.Folder}" };
        KernelWalk<KernelInode> inodes = mount.Inodes;
        foreach (KernelInode inode in inodes)
        {
            if (KernelMount.IsDirty(inode) == true)
            {
                table.Add(
                    Cell.Address(inode.Object.Address),
                    Cell.Unsigned(inode.Number),
                    Cell.Text(FilesCommand.KindOf(inode.Kind)),
                    Cell.Unsigned(inode.CachedPages),
                    Cell.Size(inode.Size));
            }
        }

        WalkNotes.Add(table, "inodes", inodes);
        return table;
    }
}
