using System.Globalization;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel.Objects.Walks;
using Lifeboat.Kernel.Tasks;

namespace Lifeboat.Inspect.Commands;

/// <summary>Tasks that the words of a command name: by number, by the address of the <c>task_struct</c> in hex, or by name.</summary>
/// <param name="words">The words.</param>
internal sealed class TaskChoice(IReadOnlyList<string> words)
{
    /// <summary>Whether no task is named.</summary>
    internal bool IsEmpty => words.Count == 0;

    /// <summary>Whether the words name a task.</summary>
    internal bool Has(KernelTask task)
    {
        foreach (string word in words)
        {
            if (IsOf(task, word))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// The tasks named, in the order of the kernel's list, or the session's own when none is; what is not found, and a list
    /// that breaks off, is noted.
    /// </summary>
    /// <exception cref="CommandException">None is named, and which task crashed is not known.</exception>
    internal List<KernelTask> FindIn(InspectSession session, Table notes)
    {
        if (IsEmpty)
        {
            return [session.Task ?? throw new CommandException("which task crashed is not known: name one, ps lists them")];
        }

        var found = new List<KernelTask>();
        var missing = new HashSet<string>(words, StringComparer.Ordinal);
        KernelWalk<KernelTask> tasks = session.Kernel.Tasks;
        foreach (KernelTask task in tasks)
        {
            if (Has(task))
            {
                found.Add(task);
                missing.RemoveWhere(word => IsOf(task, word));
            }
        }

        WalkNotes.Add(notes, "tasks", tasks);
        foreach (string word in words)
        {
            if (missing.Remove(word))
            {
                notes.Note($"there is no task {word}: ps lists them");
            }
        }

        return found;
    }

    private static bool IsOf(KernelTask task, string word) =>
        (long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out long pid) && task.Pid == pid)
        || (Places.TryParseHex(word, out ulong address) && task.Address.Value == address)
        || (task.Name is { } name && name == word);
}
