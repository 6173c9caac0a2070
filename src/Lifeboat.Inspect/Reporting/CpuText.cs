namespace Lifeboat.Inspect.Reporting;

/// <summary>What a CPU was doing, in a few words.</summary>
internal static class CpuText
{
    private const int FunctionsOfWay = 3;

    /// <summary>The task's name and number.</summary>
    internal static string Task(CpuStack stack) =>
        stack.Pid is null && stack.Command is null ? "an unknown task" : $"{stack.Command ?? "?"} pid {stack.Pid}";

    /// <summary>Behind the task's name: that it was in user mode; nothing otherwise.</summary>
    internal static string InUserMode(CpuStack stack) => stack.Frames.Count == 0 && stack.End is null ? ", in user mode" : "";

    /// <summary>Behind the task's name: user mode, idle, or the innermost functions.</summary>
    internal static string Doing(CpuStack stack)
    {
        if (stack.Pid == 0)
        {
            return ", idle";
        }

        var names = new List<string>();
        foreach (string frame in stack.Frames)
        {
            if (names.Count < FunctionsOfWay && CrashSignature.FunctionOf(frame) is { } name && !CrashPlaces.IsReporter(name))
            {
                names.Add(name);
            }
        }

        return names.Count == 0 ? InUserMode(stack) : $", in {string.Join(" < ", names)}";
    }
}
