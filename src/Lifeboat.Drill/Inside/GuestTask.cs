namespace Lifeboat.Drill.Inside;

/// <summary>A process of the workload.</summary>
/// <param name="Pid">Its number.</param>
/// <param name="Name">Its name (comm).</param>
/// <param name="State">The state it was seen in last, as /proc says it: S, D or R.</param>
public sealed record GuestTask(int Pid, string Name, string State);
