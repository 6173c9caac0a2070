namespace Lifeboat.Kernel.Waiting;

/// <summary>What a task that does not run waits for.</summary>
public enum WaitKind
{
    /// <summary>Nothing that is known here: the function that it waits in says more.</summary>
    Other,

    /// <summary>A mutex.</summary>
    Mutex,

    /// <summary>A semaphore for readers and writers.</summary>
    ReadWriteSemaphore,

    /// <summary>A semaphore that counts.</summary>
    Semaphore,

    /// <summary>A completion.</summary>
    Completion,

    /// <summary>A queue of waiters.</summary>
    WaitQueue,
}
