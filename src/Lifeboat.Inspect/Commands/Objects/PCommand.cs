using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;

namespace Lifeboat.Inspect.Commands.Objects;

/// <summary><c>p</c>: values of variables, members, and what pointers lead to.</summary>
internal sealed class PCommand : InspectCommand
{
    public override string Name => "p";

    public override string Summary => "the value of an expression: variables, members, casts";

    public override string Usage =>
        """
        p [-x] EXPRESSION
        p [-x] VARIABLE:CPUS[.MEMBER...]

          -x        numbers in hex
          EXPRESSION
                    as C writes it: jiffies, init_task.comm, avenrun[1], &init_task, *saved_command_line,
                    ((struct task_struct *)ffff888003d30000)->mm.pgd; . also follows pointers
          CPUS      whose copy of a per-CPU variable: 0, 1-3, 0,2, or a for all

        The kernel describes no types of ordinary variables. Those of a few are known (init_task, modules, jiffies ...);
        others are read with a cast: (struct list_head)my_list, (int)my_number. Addresses may lack the 0x.
        """;

    public override IReadOnlyList<Table> Run(InspectSession session, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(arguments);
        CrashedKernel kernel = session.Kernel;
        bool isHex = arguments is ["-x", ..];
        string expression = string.Join(' ', arguments)[(isHex ? "-x".Length : 0)..].Trim();
        if (expression.Length == 0 || expression[0] == '-')
        {
            throw new CommandException("p wants an expression: help p shows some");
        }

        var text = new ObjectText(kernel, isHex);
        int colon = expression.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            ExpressionValue value = Check(ExpressionParser.Evaluate(kernel, expression), expression);
            return [value is { Object: { } whole, Type.IsStructure: true }
                ? MemberTables.Of(value.Type, value.Type.Members, whole, text) : List([value], [], text)];
        }

        int end = colon + 1;
        while (end < expression.Length && (char.IsAsciiDigit(expression[end]) || expression[end] is ',' or '-' or 'a'))
        {
            // What follows the CPUs may be an arrow.
            if (expression[end] == '-' && (end + 1 == expression.Length || expression[end + 1] == '>'))
            {
                break;
            }

            end++;
        }

        List<int> cpus = CpuChoice.Parse(kernel, expression[(colon + 1)..end]);
        string rest = expression[..colon] + expression[end..];
        var values = new List<ExpressionValue>();
        var found = new List<int>();
        foreach (int cpu in cpus)
        {
            if (kernel.PerCpuOffset(cpu) is not null)
            {
                values.Add(Check(ExpressionParser.Evaluate(kernel, rest, cpu), rest));
                found.Add(cpu);
            }
        }

        Table table = values is [{ Object: { } one, Type.IsStructure: true }]
            ? MemberTables.Of(one.Type, one.Type.Members, one, text) : List(values, found, text);
        if (found.Count == 0 || found.Count < cpus.Count)
        {
            table.Note("where the per-CPU variables of some CPUs lie cannot be read");
        }

        return [table];
    }

    private static Table List(List<ExpressionValue> values, List<int> cpus, ObjectText text)
    {
        var columns = new List<Column>();
        if (cpus.Count > 0)
        {
            columns.Add(new Column("CPU", "cpu", ColumnKind.Number));
        }

        columns.Add(new Column("ADDRESS", "address", ColumnKind.Hex));
        columns.Add(new Column("TYPE", "type", ColumnKind.Text));
        columns.Add(new Column("VALUE", "value", ColumnKind.Text));
        var table = new Table("values", columns);
        for (int i = 0; i < values.Count; i++)
        {
            var cells = new List<Cell>();
            if (cpus.Count > 0)
            {
                cells.Add(Cell.Number(cpus[i]));
            }

            ExpressionValue value = values[i];
            cells.Add(value.Object is not { } place ? Cell.Empty
                : Cell.Address(place.Fault == Core.Memory.MemoryFault.None ? place.Address : null));
            cells.Add(Cell.Text(value.Type.Name));
            cells.Add(Cell.Text(value.Object is { } found ? text.Of(found) : text.OfNumber(value.Type, value.Number)));
            table.Add(cells);
        }

        return table;
    }

    private static ExpressionValue Check(ExpressionValue value, string expression) => value.Type.Name == "void"
        ? throw new CommandException(
            $"the kernel does not say of which type {expression} is: (int){expression} or (struct x){expression} reads it as one")
        : value;
}
