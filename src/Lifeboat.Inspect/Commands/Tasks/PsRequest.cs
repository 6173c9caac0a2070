using Lifeboat.Kernel.Tasks;

namespace Lifeboat.Inspect.Commands.Tasks;

/// <summary>What the words behind <c>ps</c> ask for.</summary>
/// <param name="View">The letter of what is shown of each task; a blank for the list.</param>
/// <param name="Chosen">The tasks that are named.</param>
internal sealed record PsRequest(char View, TaskChoice Chosen)
{
    private bool KernelThreads { get; init; }

    private bool Processes { get; init; }

    private bool Leaders { get; init; }

    private bool Active { get; init; }

    internal static PsRequest Parse(IReadOnlyList<string> arguments)
    {
        (char view, bool kernel, bool user, bool leaders, bool active) = (' ', false, false, false, false);
        var names = new List<string>();
        foreach (string argument in arguments)
        {
            switch (argument)
            {
                case "-k":
                    kernel = true;
                    break;
                case "-u":
                    user = true;
                    break;
                case "-G":
                    leaders = true;
                    break;
                case "-A":
                    active = true;
                    break;
                case "-S" or "-t" or "-l" or "-m" or "-p" or "-c" or "-g":
                    view = view is ' ' || view == argument[1] ? argument[1]
                        : throw new CommandException($"ps shows one thing at a time: -{view} or {argument}");
                    break;
                case ['-', ..]:
                    throw new CommandException($"ps has no option {argument}: help ps says which it has");
                default:
                    names.Add(argument);
                    break;
            }
        }

        return new PsRequest(view, new TaskChoice(names)) { KernelThreads = kernel, Processes = user, Leaders = leaders, Active = active };
    }

    internal bool Wants(KernelTask task) =>
        (!KernelThreads || task.IsKernelThread == true)
        && (!Processes || task.IsKernelThread == false)
        && (!Leaders || task.Family.IsLeader == true)
        && (!Active || task.IsOnCpu == true)
        && (Chosen.IsEmpty || Chosen.Has(task));
}
