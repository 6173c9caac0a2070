using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Inspect.Commands.Objects;

/// <summary><c>whatis</c>: declarations of types, functions and variables.</summary>
internal sealed class WhatisCommand : InspectCommand
{
    public override string Name => "whatis";

    public override string Summary => "the declaration of a type, a function or a variable";

    public override string Usage =>
        """
        whatis NAME

          NAME      a type (struct list_head, list_head, pid_t), a function, a per-CPU variable, or one of the variables
                    whose types are known: the kernel describes no types of others
        """;

    public override IReadOnlyList<Table> Run(InspectSession session, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(arguments);
        CrashedKernel kernel = session.Kernel;
        string name = string.Join(' ', arguments).Trim();
        if (name.Length == 0 || name.StartsWith('-'))
        {
            throw new CommandException("whatis wants the name of a type, a function or a variable");
        }

        var table = new Table("declaration", new Column("", "line", ColumnKind.Text));
        if (kernel.TryFindGlobal(name, out KernelObject? global))
        {
            table.Add(Cell.Text($"{global.Type.Declare(name)};"));
        }
        else if (kernel.TryFindPerCpuType(name, out KernelType? type))
        {
            table.Add(Cell.Text($"{type.Declare(name)};"));
            table.Note($"{name} is a per-CPU variable: p {name}:0 shows that of CPU 0");
        }
        else if (kernel.TryFindFunction(name, out type))
        {
            table.Add(Cell.Text($"{type.Declare(name)};"));
        }
        else if (kernel.TryFindType(name, out type))
        {
            foreach (string line in type.Declaration)
            {
                table.Add(Cell.Text(line));
            }

            if (type.Size.Value > 0)
            {
                table.Note($"{type.Name} has {type.Size.Value} bytes");
            }
        }
        else
        {
            throw new CommandException(kernel.Names.TryFind(name, out _)
                ? $"the kernel does not say of which type {name} is; sym {name} says where it lies"
                : $"the kernel has no type, function or variable {name}");
        }

        return [table];
    }
}
