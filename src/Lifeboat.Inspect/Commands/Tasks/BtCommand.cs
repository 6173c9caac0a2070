using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Objects.Walks;
using Lifeboat.Kernel.Stacks;
using Lifeboat.Kernel.Tasks;

namespace Lifeboat.Inspect.Commands.Tasks;

/// <summary><c>bt</c>: stacks of tasks.</summary>
internal sealed class BtCommand : InspectCommand
{
    public override string Name => "bt";

    public override string Summary => "kernel stacks of tasks";

    public override string Usage =>
        """
        bt [-f | -t] [-s] [-l] [-a | -c CPUS | -A | PID | TASK | NAME]...

          (none)     the task that crashed, or the one chosen with set
          -a         what ran on each CPU
          -c CPUS    what ran on these: 0, 1-3, 0,2, or a for all
          -A         every task; foreach chooses among them
          PID, TASK, NAME
                     this task: by number, by the address of its task_struct in hex, or by name
          -f         behind each frame the words of the stack that are its own
          -t         no frames: every word from the stack's innermost one on that points into code
          -s         functions with offset and size, which is so without it
          -l         source lines, where they are known: only debugging information has them, and it is not read

        SP is where the frame begins. A frame that is a guess has a ? before it; [exception] marks the frame that an interrupt
        or exception broke into, and the lines below it are what was running then.
        """;

    public override IReadOnlyList<Table> Run(InspectSession session, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(arguments);
        CrashedKernel kernel = session.Kernel;
        var request = Request.Parse(kernel, arguments);
        if (kernel.NoStacks is { } reason)
        {
            throw new CommandException($"no stack can be unwound: {reason}");
        }

        var tables = new List<Table>();
        if (request.Cpus is { } cpus)
        {
            foreach (int cpu in cpus)
            {
                Add(tables, kernel, kernel.RunningTaskOf(cpu), request);
            }

            // Where tasks cannot be told, the CPUs' registers still lead up their stacks.
            for (int cpu = 0; kernel.RunningTasks.Count == 0 && kernel.StackOfCpu(cpu) is { } stack; cpu++)
            {
                if (cpus.Count == 0 || cpus.Contains(cpu))
                {
                    Add(tables, kernel, StackTable.Create($"CPU {cpu}"), stack, request);
                }
            }
        }
        else if (request.All || !request.Chosen.IsEmpty)
        {
            KernelWalk<KernelTask> tasks = kernel.Tasks;
            foreach (KernelTask task in tasks)
            {
                if (request.All || request.Chosen.Has(task))
                {
                    Add(tables, kernel, task, request);
                }
            }

            WalkNotes.Add(OrNone(tables)[^1], "tasks", tasks);
        }
        else
        {
            Add(tables, kernel, session.Task ?? throw new CommandException("which task crashed is not known: bt -a shows what ran"), request);
        }

        _ = OrNone(tables);
        if (request.Lines)
        {
            tables[^1].Note("source lines are not known: a dump has none, and debugging information is not read");
        }

        return tables;
    }

    private static void Add(List<Table> tables, CrashedKernel kernel, KernelTask? task, Request request)
    {
        if (task?.Stack is { } stack)
        {
            Add(tables, kernel, StackTable.Create(task, stack), stack, request);
        }
    }

    private static void Add(List<Table> tables, CrashedKernel kernel, Table table, TaskStack stack, Request request)
    {
        if (request.Texts)
        {
            StackTable.AddTexts(table, kernel, stack);
        }
        else
        {
            StackTable.AddFrames(table, kernel, stack, request.Words);
        }

        tables.Add(table);
    }

    private static List<Table> OrNone(List<Table> tables)
    {
        if (tables.Count == 0)
        {
            tables.Add(StackTable.CreateEmpty());
            tables[0].Note("no such task was found");
        }

        return tables;
    }

    private sealed record Request(bool All, IReadOnlyList<int>? Cpus, TaskChoice Chosen, bool Words, bool Texts, bool Lines)
    {
        internal static Request Parse(CrashedKernel kernel, IReadOnlyList<string> arguments)
        {
            (bool all, bool raw, bool texts, bool lines) = (false, false, false, false);
            IReadOnlyList<int>? cpus = null;
            var names = new List<string>();
            var words = new CommandWords("bt", arguments);
            while (words.TryNext(out string word))
            {
                switch (word)
                {
                    case "-a":
                        cpus = kernel.OnlineCpus;
                        break;
                    case "-c":
                        cpus = CpuChoice.Parse(kernel, words.ValueOf("-c"));
                        break;
                    case "-A":
                        all = true;
                        break;
                    case "-f":
                        raw = true;
                        break;
                    case "-t":
                        texts = true;
                        break;
                    case "-l":
                        lines = true;
                        break;
                    case "-s":
                        break;
                    case ['-', ..]:
                        throw words.Unknown(word);
                    default:
                        names.Add(word);
                        break;
                }
            }

            return new Request(all, cpus, new TaskChoice(names), raw, texts, lines);
        }
    }
}
