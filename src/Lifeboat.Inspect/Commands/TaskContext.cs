using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel.Tasks;

namespace Lifeboat.Inspect.Commands;

/// <summary>The task whose namespaces a command looks at.</summary>
internal static class TaskContext
{
    /// <summary>
    /// The one named; else the session's own; else, when that is gone or not known, the first that has namespaces; null when
    /// none can be read.
    /// </summary>
    /// <exception cref="CommandException">There is none of the name.</exception>
    internal static KernelTask? Find(InspectSession session, string? word, Table notes)
    {
        if (word is not null)
        {
            List<KernelTask> named = new TaskChoice([word]).FindIn(session, notes);
            return named.Count > 0 ? named[0] : throw new CommandException($"there is no task {word}: ps lists them");
        }

        if (session.Task is { } own && HasNamespaces(own))
        {
            return own;
        }

        foreach (KernelTask task in session.Kernel.Tasks)
        {
            if (HasNamespaces(task))
            {
                return task;
            }
        }

        return null;
    }

    private static bool HasNamespaces(KernelTask task) =>
        task.Object.TryGet("nsproxy", out Kernel.Objects.KernelObject? spaces) && spaces.Pointer is { Value: not 0 };
}
