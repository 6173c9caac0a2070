using System.Globalization;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel.Files;
using Lifeboat.Kernel.Net;
using Lifeboat.Kernel.Objects.Walks;
using Lifeboat.Kernel.Tasks;

namespace Lifeboat.Inspect.Commands.Net;

/// <summary><c>net</c>: devices of the network, neighbours, sockets of tasks.</summary>
internal sealed class NetCommand : InspectCommand
{
    public override string Name => "net";

    public override string Summary => "network devices and addresses, neighbours, sockets of a task";

    public override string Usage =>
        """
        net [-a | -s [PID | TASK | NAME]...] [-n PID | TASK]

          (none)  the devices and their addresses
          -a      who has which address on the networks (ARP, and its like of IPv6)
          -s      the sockets of tasks: by number, by the address of the task_struct in hex, or by name; without any, of the
                  task that crashed, or the one chosen with set
          -n PID, TASK
                  as this task sees the network; without it, as the task that crashed, or the one chosen with set

        STATE is TCP's, whose names the other families share: CLOSE is a socket that is not connected. The other end of a
        socket of this machine is its socket:[NUMBER].
        """;

    public override IReadOnlyList<Table> Run(InspectSession session, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(arguments);
        (bool sockets, bool neighbours, string? task) = (false, false, null);
        var wanted = new List<string>();
        var words = new CommandWords("net", arguments);
        while (words.TryNext(out string word))
        {
            switch (word)
            {
                case "-s":
                    sockets = true;
                    break;
                case "-a":
                    neighbours = true;
                    break;
                case "-n":
                    task = words.ValueOf("-n");
                    break;
                case ['-', ..]:
                    throw words.Unknown(word);
                default:
                    wanted.Add(word);
                    break;
            }
        }

        return sockets ? Sockets(session, wanted)
            : wanted.Count > 0 ? throw words.Wrong("tasks only with -s")
            : [neighbours ? Neighbours(session, task) : Devices(session, task)];
    }

    private static NetNamespace? NetworkOf(InspectSession session, string? word, Table table)
    {
        NetNamespace? network = TaskContext.Find(session, word, table)?.Network ?? (word is null ? session.Kernel.Network : null);
        if (network is null)
        {
            table.Note("the task's network cannot be read: it is gone, or its namespace is not in the dump");
        }

        return network;
    }

    private static Table Devices(InspectSession session, string? task)
    {
        var table = new Table(
            "devices",
            new Column("NET_DEVICE", "device", ColumnKind.Hex),
            new Column("INDEX", "index", ColumnKind.Number),
            new Column("NAME", "name", ColumnKind.Text),
            new Column("STATE", "state", ColumnKind.Text),
            new Column("MTU", "mtu", ColumnKind.Number),
            new Column("HARDWARE", "hardwareAddress", ColumnKind.Text),
            new Column("ADDRESSES", "addresses", ColumnKind.Text));
        if (NetworkOf(session, task, table) is not { } network)
        {
            return table;
        }

        KernelWalk<NetDevice> devices = network.Devices;
        foreach (NetDevice device in devices)
        {
            KernelWalk<string> addresses = device.Addresses;
            table.Add(
                Cell.Address(device.Object.Address),
                Cell.Number(device.Index),
                Cell.Text(device.Name),
                Cell.Text(device.IsUp is { } isUp ? isUp ? "up" : "down" : null),
                Cell.Unsigned(device.Mtu),
                Cell.Text(device.HardwareAddress),
                Cell.Text(string.Join(", ", addresses)));
            WalkNotes.Add(table, $"addresses of {device.Name}", addresses);
        }

        WalkNotes.Add(table, "devices", devices);
        return table;
    }

    private static Table Neighbours(InspectSession session, string? task)
    {
        var table = new Table(
            "neighbours",
            new Column("NEIGHBOUR", "neighbour", ColumnKind.Hex),
            new Column("ADDRESS", "address", ColumnKind.Text),
            new Column("HARDWARE", "hardwareAddress", ColumnKind.Text),
            new Column("DEVICE", "device", ColumnKind.Text),
            new Column("STATE", "state", ColumnKind.Text));
        if (NetworkOf(session, task, table) is not { } network)
        {
            return table;
        }

        KernelWalk<Neighbour> neighbours = network.Neighbours;
        foreach (Neighbour neighbour in neighbours)
        {
            table.Add(
                Cell.Address(neighbour.Object.Address),
                Cell.Text(neighbour.Address),
                Cell.Text(neighbour.HardwareAddress),
                Cell.Text(neighbour.Device?.Name),
                Cell.Text(neighbour.State));
        }

        WalkNotes.Add(table, "neighbours", neighbours);
        return table;
    }

    private static List<Table> Sockets(InspectSession session, List<string> wanted)
    {
        var tables = new List<Table>();
        Table notes = SocketTable("");
        foreach (KernelTask task in new TaskChoice(wanted).FindIn(session, notes))
        {
            Table table = SocketTable(string.Create(
                CultureInfo.InvariantCulture, $"PID {task.Pid}  {task.Name}  task {task.Address}"));
            KernelWalk<OpenFile> files = task.OpenFiles;
            foreach (OpenFile open in files)
            {
                if (open.File.Socket is { } socket)
                {
                    Add(table, open, socket);
                }
            }

            WalkNotes.Add(table, "files", files);
            tables.Add(table);
        }

        if (tables.Count == 0 || notes.Notes.Count > 0)
        {
            tables.Add(notes);
        }

        return tables;
    }

    private static Table SocketTable(string title) => new(
        "sockets",
        new Column("FD", "fd", ColumnKind.Number),
        new Column("SOCKET", "socket", ColumnKind.Hex),
        new Column("SOCK", "sock", ColumnKind.Hex),
        new Column("NUMBER", "inode", ColumnKind.Number),
        new Column("FAMILY", "family", ColumnKind.Text),
        new Column("TYPE", "type", ColumnKind.Text),
        new Column("STATE", "state", ColumnKind.Text),
        new Column("LOCAL", "local", ColumnKind.Text),
        new Column("REMOTE", "remote", ColumnKind.Text))
    { Title = title };

    private static void Add(Table table, OpenFile open, KernelSocket socket) => table.Add(
        Cell.Number(open.Descriptor),
        Cell.Address(socket.Object.Address),
        Cell.Address(socket.Sock?.Address),
        Cell.Unsigned(socket.InodeNumber),
        Cell.Text(socket.Family),
        Cell.Text(socket.Type),
        Cell.Text(socket.State),
        Cell.Text(socket.Local),
        Cell.Text(socket.Remote));
}
