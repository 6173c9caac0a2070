namespace Lifeboat.Drill.Inside;

/// <summary>What a process of the workload does until the crash.</summary>
internal enum WorkerKind
{
    /// <summary>Reads an empty pipe.</summary>
    Pipe,

    /// <summary>Reads an empty socket.</summary>
    Socket,

    /// <summary>Sleeps.</summary>
    Sleep,

    /// <summary>Waits on a futex.</summary>
    Futex,

    /// <summary>Waits for events.</summary>
    Epoll,

    /// <summary>Waits for a file lock that PID 1 holds.</summary>
    Flock,

    /// <summary>Uses the CPU.</summary>
    Spin,
}
