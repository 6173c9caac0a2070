using Lifeboat.Core.Memory;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;

namespace Lifeboat.Inspect.Commands.Memory;

/// <summary><c>vtop</c>: where virtual addresses are in physical memory.</summary>
internal sealed class VtopCommand : InspectCommand
{
    public override string Name => "vtop";

    public override string Summary => "physical addresses of virtual ones, and whether the dump has the page";

    public override string Usage =>
        """
        vtop ADDRESS|SYMBOL...

        Addresses of the kernel, in hex, by its page tables. PAGE is what the dump has of the page: present, zero,
        excluded, truncated, or not RAM; or that the address is not mapped. SYMBOL is the function or variable it lies in.
        """;

    public override IReadOnlyList<Table> Run(InspectSession session, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(arguments);
        CrashedKernel kernel = session.Kernel;
        if (arguments is [] or [['-', ..], ..])
        {
            throw new CommandException("vtop wants addresses of the kernel or symbols");
        }

        var table = new Table(
            "translations",
            new Column("VIRTUAL", "virtual", ColumnKind.Hex),
            new Column("PHYSICAL", "physical", ColumnKind.Hex),
            new Column("PFN", "pfn", ColumnKind.Hex),
            new Column("PAGE", "page", ColumnKind.Text),
            new Column("SYMBOL", "symbol", ColumnKind.Text));
        foreach (string argument in arguments)
        {
            VirtualAddress address = Places.Parse(kernel, argument);
            string? name = Places.NameOf(kernel, address);
            if (kernel.Space.TryTranslate(address, out PhysicalAddress physical, out _, out MemoryFault fault))
            {
                table.Add(
                    Cell.Address(address),
                    Cell.Address(new VirtualAddress(physical.Value)),
                    Cell.Address(new VirtualAddress(physical.Pfn.Value)),
                    Cell.Text(PageText.Of(kernel.Dump.GetPageState(physical.Pfn))),
                    name is null ? Cell.Empty : Cell.Text(name));
            }
            else
            {
                table.Add(
                    Cell.Address(address),
                    Cell.Empty,
                    Cell.Empty,
                    Cell.Text(fault.Reason == MemoryFaultReason.Unmapped ? "not mapped" : $"page table: {fault}"),
                    name is null ? Cell.Empty : Cell.Text(name));
            }
        }

        return [table];
    }
}
