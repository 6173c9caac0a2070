using Lifeboat.Inspect.Commands.Machine;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Modules;
using Lifeboat.Kernel.Objects.Walks;

namespace Lifeboat.Inspect.Commands.Code;

/// <summary><c>mod</c>: the loaded modules.</summary>
internal sealed class ModCommand : InspectCommand
{
    public override string Name => "mod";

    public override string Summary => "loaded modules";

    public override string Usage =>
        """
        mod [-t]

          -t      only modules that taint the kernel

        TAINT has the kernel's letters: P proprietary, O out of tree, E unsigned, C staging, F loaded by force.
        """;

    public override IReadOnlyList<Table> Run(InspectSession session, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(session);
        CrashedKernel kernel = session.Kernel;
        bool onlyTainting = arguments is ["-t"];
        if (arguments is not [] && !onlyTainting)
        {
            throw new CommandException($"mod takes -t or nothing, not {arguments[0]}");
        }

        var table = new Table(
            "modules",
            new Column("MODULE", "module", ColumnKind.Hex),
            new Column("TEXT", "text", ColumnKind.Hex),
            new Column("SIZE", "bytes", ColumnKind.Number),
            new Column("USES", "uses", ColumnKind.Number),
            new Column("TAINT", "taint", ColumnKind.Text),
            new Column("NAME", "name", ColumnKind.Text));
        KernelWalk<KernelModule> modules = kernel.Modules;
        foreach (KernelModule module in modules)
        {
            ulong? taints = module.Taints;
            if (!onlyTainting || taints is not 0)
            {
                table.Add(
                    Cell.Address(module.Object.Address),
                    Cell.Address(module.Text),
                    Cell.Size(module.Size),
                    Cell.Number(module.References),
                    Cell.Text(taints is { } bits ? TaintLetters.Of(bits) : null),
                    Cell.Text(module.Name));
            }
        }

        WalkNotes.Add(table, "modules", modules);
        return [table];
    }
}
