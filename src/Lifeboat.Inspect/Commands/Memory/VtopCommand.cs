using Lifeboat.Core.Memory;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Memory;

namespace Lifeboat.Inspect.Commands.Memory;

/// <summary><c>vtop</c>: where virtual addresses are in physical memory.</summary>
internal sealed class VtopCommand : InspectCommand
{
    public override string Name => "vtop";

    public override string Summary => "physical addresses of virtual ones, and whether the dump has the page";

    public override string Usage =>
        """
        vtop [-k | -u] [-c TASK] ADDRESS|SYMBOL...

          -k        addresses of the kernel
          -u        addresses of a process: of the task that was chosen, or that crashed
          -c TASK   addresses of this task's process: its number, address or name

        Addresses are in hex; without an option those of the lower half are a process's where the task has one. PAGE is what
        the dump has of the page: present, zero, excluded, truncated, or not RAM; or that the address is not mapped, or where
        in a swap area it is. SYMBOL is the function or variable it lies in, or the process's area.
        """;

    public override IReadOnlyList<Table> Run(InspectSession session, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(arguments);
        CrashedKernel kernel = session.Kernel;
        (bool isKernel, ProcessMemory? process) = (false, null);
        var addresses = new List<string>();
        var words = new CommandWords("vtop", arguments);
        while (words.TryNext(out string word))
        {
            switch (word)
            {
                case "-k":
                    isKernel = true;
                    break;
                case "-u":
                    process = Processes.FindMemory(session, null);
                    break;
                case "-c":
                    process = Processes.FindMemory(session, words.ValueOf("-c"));
                    break;
                case ['-', ..]:
                    throw words.Unknown(word);
                default:
                    addresses.Add(word);
                    break;
            }
        }

        if (addresses.Count == 0 || (isKernel && process is not null))
        {
            throw words.Wrong("addresses of the kernel or of one process, or symbols");
        }

        var table = new Table(
            "translations",
            new Column("VIRTUAL", "virtual", ColumnKind.Hex),
            new Column("PHYSICAL", "physical", ColumnKind.Hex),
            new Column("PFN", "pfn", ColumnKind.Hex),
            new Column("PAGE", "page", ColumnKind.Text),
            new Column("SYMBOL", "symbol", ColumnKind.Text));
        foreach (string text in addresses)
        {
            VirtualAddress address = Places.Parse(kernel, text);
            ProcessMemory? own = isKernel ? null : process ?? (Processes.IsUser(address.Value) ? session.Task?.Memory : null);
            if (own is null)
            {
                AddOfKernel(kernel, address, table);
            }
            else
            {
                AddOfProcess(kernel, own, address, table);
            }
        }

        return [table];
    }

    private static void AddOfKernel(CrashedKernel kernel, VirtualAddress address, Table table)
    {
        bool isMapped = kernel.Space.TryTranslate(address, out PhysicalAddress physical, out _, out MemoryFault fault);
        Add(
            table,
            address,
            isMapped ? physical : null,
            isMapped ? PageText.Of(kernel.Dump.GetPageState(physical.Pfn))
                : fault.Reason == MemoryFaultReason.Unmapped ? "not mapped" : $"page table: {fault}",
            Places.NameOf(kernel, address));
    }

    private static void AddOfProcess(CrashedKernel kernel, ProcessMemory process, VirtualAddress address, Table table)
    {
        UserPage page = process.PageAt(address);
        Add(table, address, page.Physical, UserPages.Describe(kernel, page), process.Find(address)?.Name);
    }

    private static void Add(Table table, VirtualAddress address, PhysicalAddress? physical, string page, string? name) => table.Add(
        Cell.Address(address),
        physical is { } place ? Cell.Address(new VirtualAddress(place.Value)) : Cell.Empty,
        physical is { } own ? Cell.Address(new VirtualAddress(own.Pfn.Value)) : Cell.Empty,
        Cell.Text(page),
        name is null ? Cell.Empty : Cell.Text(name));
}
