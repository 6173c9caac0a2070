using Lifeboat.Kernel.Tasks;

namespace Lifeboat.Inspect.Commands.Tasks;

/// <summary>Tasks that the words of <c>foreach</c> name: by kind, by state, by number, address or name.</summary>
internal sealed class TaskSelection
{
    private readonly HashSet<string> _states = new(StringComparer.Ordinal);
    private readonly TaskChoice _chosen;
    private readonly bool? _kernel;
    private readonly bool _leaders;
    private readonly bool _active;

    internal TaskSelection(IEnumerable<string> words)
    {
        var names = new List<string>();
        foreach (string word in words)
        {
            switch (word)
            {
                case "kernel" or "user":
                    _kernel = word == "kernel";
                    break;
                case "gleader":
                    _leaders = true;
                    break;
                case "active":
                    _active = true;
                    break;
                case "RU" or "IN" or "UN" or "ST" or "TR" or "ZO" or "DE" or "PA" or "ID":
                    _states.Add(word);
                    break;
                default:
                    // A task called kernel is \kernel.
                    names.Add(word.TrimStart('\\'));
                    break;
            }
        }

        _chosen = new TaskChoice(names);
    }

    internal bool Has(KernelTask task) =>
        (_kernel is null || task.IsKernelThread == _kernel)
        && (!_leaders || task.Family.IsLeader == true)
        && (!_active || task.IsOnCpu == true)
        && (_states.Count == 0 || _states.Contains(PsCommand.StateOf(task.State)))
        && (_chosen.IsEmpty || _chosen.Has(task));
}
