namespace Lifeboat.Cli.Personalities.Makedumpfile;

/// <summary>What a command line of makedumpfile asks for.</summary>
internal enum MakedumpfileMode
{
    /// <summary>Write a dump.</summary>
    Create,

    /// <summary><c>-R</c>: write a flattened dump from standard input to a file.</summary>
    Rearrange,

    /// <summary><c>--reassemble</c>: make one file of a split dump.</summary>
    Reassemble,

    /// <summary><c>--dump-dmesg</c>: write the kernel's log.</summary>
    Log,

    /// <summary><c>--mem-usage</c>: count pages by class.</summary>
    MemoryUsage,
}
