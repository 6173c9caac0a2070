namespace Lifeboat.Kernel;

/// <summary>What the log alone tells of a crash; what it does not tell is null.</summary>
public sealed record PanicSummary
{
    /// <summary>The kernel's own words, after <c>Kernel panic - not syncing: </c>, or the oops when there was no panic yet.</summary>
    public string? Message { get; init; }

    /// <summary>What kind of end it was.</summary>
    public PanicKind Kind { get; init; }

    /// <summary>The CPU it happened on.</summary>
    public int? Cpu { get; init; }

    /// <summary>The PID of the task that was running.</summary>
    public int? Pid { get; init; }

    /// <summary>The name of the task that was running (<c>comm</c>).</summary>
    public string? Command { get; init; }

    /// <summary>The taint flags as the kernel prints them: <c>Not tainted</c>, or letters.</summary>
    public string? Taint { get; init; }

    /// <summary>Where it was executing: <c>0010:sysrq_handle_crash+0x16/0x20</c>.</summary>
    public string? InstructionPointer { get; init; }

    /// <summary>Time since boot at the line that <see cref="Message"/> is from.</summary>
    public TimeSpan? Uptime { get; init; }

    /// <summary>Reads a crash out of a log; null when the log tells of none.</summary>
    public static PanicSummary? Find(KernelLog log) => throw new NotSupportedException($"{log.Records.Count}");
}
