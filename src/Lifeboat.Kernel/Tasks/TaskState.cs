namespace Lifeboat.Kernel.Tasks;

/// <summary>What a task does; each is a letter of <c>ps</c>.</summary>
public enum TaskState
{
    /// <summary>R: on a CPU or waiting for one.</summary>
    Running,

    /// <summary>S: waiting; a signal wakes it.</summary>
    Sleeping,

    /// <summary>D: waiting; only what it waits for wakes it.</summary>
    Uninterruptible,

    /// <summary>T: stopped by a signal.</summary>
    Stopped,

    /// <summary>t: stopped by a debugger.</summary>
    Traced,

    /// <summary>X: gone, nearly.</summary>
    Dead,

    /// <summary>Z: gone; its parent has not asked for its exit code yet.</summary>
    Zombie,

    /// <summary>P: a kernel thread that waits for its CPU to come back.</summary>
    Parked,

    /// <summary>I: a kernel thread with nothing to do.</summary>
    Idle,
}
