using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel.Memory;
using Lifeboat.Kernel.Tasks;

namespace Lifeboat.Inspect.Commands.Memory;

/// <summary>The process whose memory a command looks at.</summary>
internal static class Processes
{
    private const ulong KernelHalf = 1UL << 63;

    /// <summary>The first task that a word names, else the session's own.</summary>
    /// <exception cref="CommandException">There is no such task.</exception>
    internal static KernelTask Find(InspectSession session, string? word)
    {
        var notes = new Table("notes");
        List<KernelTask> tasks = new TaskChoice(word is null ? [] : [word]).FindIn(session, notes);
        return tasks.Count > 0 ? tasks[0] : throw new CommandException(notes.Notes[^1]);
    }

    /// <summary>The memory of that task.</summary>
    /// <exception cref="CommandException">There is no such task, or it has no user memory.</exception>
    internal static ProcessMemory FindMemory(InspectSession session, string? word)
    {
        KernelTask task = Find(session, word);
        return task.Memory ?? throw new CommandException($"task {task} has no user memory: ps -u lists those that have");
    }

    /// <summary>Whether an address is one of a process.</summary>
    internal static bool IsUser(ulong address) => address < KernelHalf;
}
