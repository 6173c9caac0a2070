using Lifeboat.Core.Memory;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Block;
using Lifeboat.Kernel.Objects.Walks;

namespace Lifeboat.Inspect.Commands.Devices;

/// <summary><c>dev</c>: character, block and PCI devices, and requests in flight.</summary>
internal sealed class DevCommand : InspectCommand
{
    public override string Name => "dev";

    public override string Summary => "character, block and PCI devices; requests that disks have not answered";

    public override string Usage =>
        """
        dev [-d | -p]

          (none)  who has which numbers of character and block devices, and the disks
          -d      what each disk was asked for and has not answered
          -p      the devices on PCI buses

        OPERATIONS names the driver's functions. STARTED is the time since the kernel's start at which the driver got the
        request, zero when the kernel did not note it.
        """;

    public override IReadOnlyList<Table> Run(InspectSession session, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(arguments);
        CrashedKernel kernel = session.Kernel;
        return arguments switch
        {
            [] => [CharacterDevices(kernel), BlockDevices(kernel), Disks(kernel)],
            ["-d"] => Requests(kernel),
            ["-p"] => [PciDevices(kernel)],
            [['-', ..] option, ..] => throw new CommandWords("dev", arguments).Unknown(option),
            _ => throw new CommandWords("dev", arguments).Wrong("one option, or nothing"),
        };
    }

    private static Table CharacterDevices(CrashedKernel kernel)
    {
        var table = new Table(
            "characterDevices",
            new Column("CHRDEV", "major", ColumnKind.Number),
            new Column("FIRST", "firstMinor", ColumnKind.Number),
            new Column("COUNT", "minorCount", ColumnKind.Number),
            new Column("NAME", "name", ColumnKind.Text),
            new Column("CDEV", "cdev", ColumnKind.Hex),
            new Column("OPERATIONS", "operations", ColumnKind.Text));
        KernelWalk<DeviceNumber> numbers = kernel.CharacterDevices;
        foreach (DeviceNumber number in numbers)
        {
            VirtualAddress? device = number.CharacterDevice?.Address;
            table.Add(
                Cell.Number(number.Major),
                Cell.Number(number.FirstMinor),
                Cell.Number(number.MinorCount),
                Cell.Text(number.Name),
                device is null ? Cell.Empty : Cell.Address(device),
                device is null ? Cell.Empty : Cell.Text(NameOf(kernel, number.Operations)));
        }

        WalkNotes.Add(table, "character devices", numbers);
        return table;
    }

    private static Table BlockDevices(CrashedKernel kernel)
    {
        var table = new Table(
            "blockDevices", new Column("BLKDEV", "major", ColumnKind.Number), new Column("NAME", "name", ColumnKind.Text));
        KernelWalk<DeviceNumber> numbers = kernel.BlockDevices;
        foreach (DeviceNumber number in numbers)
        {
            table.Add(Cell.Number(number.Major), Cell.Text(number.Name));
        }

        WalkNotes.Add(table, "block devices", numbers);
        return table;
    }

    private static Table Disks(CrashedKernel kernel)
    {
        var table = new Table(
            "disks",
            new Column("MAJOR", "major", ColumnKind.Number),
            new Column("MINOR", "minor", ColumnKind.Number),
            new Column("DISK", "name", ColumnKind.Text),
            new Column("GENDISK", "gendisk", ColumnKind.Hex),
            new Column("KIB", "sizeBytes", ColumnKind.KibiBytes),
            new Column("OPERATIONS", "operations", ColumnKind.Text));
        KernelWalk<Disk> disks = kernel.Disks;
        foreach (Disk disk in disks)
        {
            table.Add(
                Cell.Number(disk.Major),
                Cell.Number(disk.Minor),
                Cell.Text(disk.Name),
                Cell.Address(disk.Object.Address),
                Cell.Size(disk.Size),
                Cell.Text(NameOf(kernel, disk.Operations)));
        }

        WalkNotes.Add(table, "disks", disks);
        return table;
    }

    private static List<Table> Requests(CrashedKernel kernel)
    {
        var counts = new Table(
            "disks",
            new Column("MAJOR", "major", ColumnKind.Number),
            new Column("DISK", "name", ColumnKind.Text),
            new Column("GENDISK", "gendisk", ColumnKind.Hex),
            new Column("QUEUE", "queue", ColumnKind.Hex),
            new Column("TOTAL", "total", ColumnKind.Number),
            new Column("READ", "reads", ColumnKind.Number),
            new Column("WRITE", "writes", ColumnKind.Number));
        var list = new Table(
            "requests",
            new Column("REQUEST", "request", ColumnKind.Hex),
            new Column("DISK", "disk", ColumnKind.Text),
            new Column("OPERATION", "operation", ColumnKind.Text),
            new Column("SECTOR", "sector", ColumnKind.Number),
            new Column("BYTES", "bytes", ColumnKind.Number),
            new Column("STARTED", "started", ColumnKind.Text));
        KernelWalk<Disk> disks = kernel.Disks;
        foreach (Disk disk in disks)
        {
            (long reads, long writes) = (0, 0);
            string? name = disk.Name;
            KernelWalk<BlockRequest> requests = disk.RequestsInFlight;
            foreach (BlockRequest request in requests)
            {
                reads += request.IsWrite == false ? 1 : 0;
                writes += request.IsWrite == true ? 1 : 0;
                list.Add(
                    Cell.Address(request.Object.Address),
                    Cell.Text(name),
                    Cell.Text(request.Operation),
                    Cell.Unsigned(request.Sector),
                    Cell.Unsigned(request.Length?.Value),
                    Cell.Text(request.Started is { } started ? Durations.Seconds(started) : null));
            }

            counts.Add(
                Cell.Number(disk.Major),
                Cell.Text(name),
                Cell.Address(disk.Object.Address),
                Cell.Address(disk.Queue),
                Cell.Number(reads + writes),
                Cell.Number(reads),
                Cell.Number(writes));
            WalkNotes.Add(counts, $"requests of {name}", requests);
        }

        WalkNotes.Add(counts, "disks", disks);
        return list.Rows.Count > 0 ? [counts, list] : [counts];
    }

    private static Table PciDevices(CrashedKernel kernel)
    {
        var table = new Table(
            "pciDevices",
            new Column("PCI_DEV", "device", ColumnKind.Hex),
            new Column("PLACE", "place", ColumnKind.Text),
            new Column("CLASS", "class", ColumnKind.Hex),
            new Column("ID", "id", ColumnKind.Text),
            new Column("DRIVER", "driver", ColumnKind.Text));
        KernelWalk<PciDevice> devices = kernel.PciDevices;
        foreach (PciDevice device in devices)
        {
            table.Add(
                Cell.Address(device.Object.Address),
                Cell.Text(device.Name),
                Cell.Address(device.Class is { } kind ? new VirtualAddress(kind) : null),
                Cell.Text(device.Id),
                Cell.Text(device.Driver ?? ""));
        }

        WalkNotes.Add(table, "PCI devices", devices);
        return table;
    }

    private static string? NameOf(CrashedKernel kernel, VirtualAddress? functions) =>
        functions is { } address ? Places.NameOf(kernel, address) ?? address.ToString() : null;
}
