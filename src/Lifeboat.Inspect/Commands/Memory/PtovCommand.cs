using Lifeboat.Core.Memory;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;

namespace Lifeboat.Inspect.Commands.Memory;

/// <summary><c>ptov</c>: where physical addresses are in the kernel's direct map.</summary>
internal sealed class PtovCommand : InspectCommand
{
    public override string Name => "ptov";

    public override string Summary => "virtual addresses of physical ones, in the direct map";

    public override string Usage =>
        """
        ptov ADDRESS...

        Addresses of physical memory, in hex. PAGE is what the dump has of the page: present, zero, excluded, truncated,
        or not RAM.
        """;

    public override IReadOnlyList<Table> Run(InspectSession session, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(arguments);
        CrashedKernel kernel = session.Kernel;
        if (arguments is [] or [['-', ..], ..])
        {
            throw new CommandException("ptov wants addresses of physical memory");
        }

        var table = new Table(
            "translations",
            new Column("PHYSICAL", "physical", ColumnKind.Hex),
            new Column("VIRTUAL", "virtual", ColumnKind.Hex),
            new Column("PFN", "pfn", ColumnKind.Hex),
            new Column("PAGE", "page", ColumnKind.Text));
        foreach (string argument in arguments)
        {
            if (!Places.TryParseHex(argument, out ulong value))
            {
                throw new CommandException($"{argument} is no address of physical memory in hex");
            }

            var physical = new PhysicalAddress(value);
            VirtualAddress? address = kernel.DirectMapOf(physical);
            table.Add(
                Cell.Address(new VirtualAddress(value)),
                Cell.Address(address),
                Cell.Address(new VirtualAddress(physical.Pfn.Value)),
                Cell.Text(PageText.Of(kernel.Dump.GetPageState(physical.Pfn))));
            if (address is { } there
                && (!kernel.Space.TryTranslate(there, out PhysicalAddress back, out _, out _) || back != physical))
            {
                table.Note($"the kernel does not map {there}: it is where {physical} would be");
            }
        }

        return [table];
    }
}
