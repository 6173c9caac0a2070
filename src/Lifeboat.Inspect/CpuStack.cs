namespace Lifeboat.Inspect;

/// <summary>What a CPU was doing when the kernel stopped.</summary>
/// <param name="Cpu">Its number.</param>
/// <param name="Pid">The task's number.</param>
/// <param name="Command">The task's name.</param>
/// <param name="Frames">
/// The calls, the innermost first, as the kernel writes them: <c>vfs_write+0xc7/0x3f0</c>, <c>?</c> before a guess. None for
/// a CPU that was in user mode.
/// </param>
/// <param name="End">Why the stack ends where it does, when that is not where it began; null otherwise.</param>
public sealed record CpuStack(int Cpu, long? Pid, string? Command, IReadOnlyList<string> Frames, string? End);
