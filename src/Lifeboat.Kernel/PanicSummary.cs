using Lifeboat.Core.Memory;

namespace Lifeboat.Kernel;

/// <summary>What the log alone tells of a crash; what it does not tell is null.</summary>
public sealed record PanicSummary
{
    /// <summary>
    /// The kernel's own words, after <c>Kernel panic - not syncing: </c>; null when there was only an oops.
    /// </summary>
    public string? Message { get; init; }

    /// <summary>
    /// The line that began it, before the panic: an oops, a BUG, a lockup; null when the panic came alone.
    /// </summary>
    public string? Cause { get; init; }

    /// <summary>What kind of end it was.</summary>
    public PanicKind Kind { get; init; }

    /// <summary>The CPU it happened on.</summary>
    public int? Cpu { get; init; }

    /// <summary>The PID of the task that was running.</summary>
    public int? Pid { get; init; }

    /// <summary>The name of the task that was running (<c>comm</c>).</summary>
    public string? Command { get; init; }

    /// <summary>
    /// The taint flags as the kernel prints them: <c>Not tainted</c>, or <c>Tainted:</c> and letters.
    /// </summary>
    public string? Taint { get; init; }

    /// <summary>Where the kernel was executing: <c>0010:sysrq_handle_crash+0x16/0x20</c>.</summary>
    public string? InstructionPointer { get; init; }

    /// <summary>The address that could not be read or written, of an oops that tells it.</summary>
    public VirtualAddress? FaultAddress { get; init; }

    /// <summary>The task that was blocked for too long, of a hung task.</summary>
    public int? BlockedPid { get; init; }

    /// <summary>The record that began it.</summary>
    public ulong? Sequence { get; init; }

    /// <summary>Time since boot at the panic's line, or at the cause's when there was no panic.</summary>
    public TimeSpan? Uptime { get; init; }

    /// <summary>Reads a crash out of a log; null when the log tells of none.</summary>
    public static PanicSummary? Find(KernelLog log)
    {
        ArgumentNullException.ThrowIfNull(log);
        return PanicFinder.Find(log.Records);
    }
}
