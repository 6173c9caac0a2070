namespace Lifeboat.Cli;

/// <summary>
/// What the program's exit status says. Stable: scripts test these numbers. A drill that fails exits with the number
/// of its stage instead (see <c>lifeboat drill --help</c>), all of them from 10 to 39.
/// </summary>
internal enum ExitCode
{
    /// <summary>Done, and all is well.</summary>
    Success = 0,

    /// <summary>It could not be done; the error says why.</summary>
    Failure = 1,

    /// <summary>The command line is wrong.</summary>
    Usage = 2,

    /// <summary><c>status</c>: a panic now would not be captured.</summary>
    NotArmed = 3,

    /// <summary>The input (a dump, a kernel image, a ramdisk) is damaged or not what it should be.</summary>
    BadInput = 4,

    /// <summary>The running kernel refused.</summary>
    KernelRefused = 5,

    /// <summary><c>status --strict</c>: a panic would be captured, but something grave would not become one.</summary>
    CaptureGap = 6,

    /// <summary>Ended by Ctrl-C or SIGTERM, everything put away.</summary>
    Interrupted = 130,
}
