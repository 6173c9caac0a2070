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

    /// <summary>Waits for events of a pipe and a socket.</summary>
    Poll,

    /// <summary>Reads a socket that is connected to itself over loopback; another one has bytes that nobody reads.</summary>
    Tcp,

    /// <summary>Waits for connections, over IPv6 where there is some.</summary>
    Accept,

    /// <summary>Waits for a datagram.</summary>
    Udp,

    /// <summary>Waits for a connection to a socket with a path.</summary>
    Named,

    /// <summary>Waits for a message, with shared memory attached (System V).</summary>
    Message,

    /// <summary>Waits for a semaphore (System V).</summary>
    Semaphore,

    /// <summary>Waits for a timer that is a file.</summary>
    Timer,

    /// <summary>Has threads that block in different places, and has files of many kinds open.</summary>
    Threads,

    /// <summary>Waits for a child that shares its memory (vfork): uninterruptible.</summary>
    Vfork,

    /// <summary>Has stopped itself.</summary>
    Stopped,

    /// <summary>Has a child that is gone and that it does not ask after.</summary>
    Parent,
}
