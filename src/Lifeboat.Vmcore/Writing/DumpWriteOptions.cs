namespace Lifeboat.Vmcore.Writing;

/// <summary>How to write a dump.</summary>
public sealed record DumpWriteOptions
{
    /// <summary>Which pages to leave out.</summary>
    public DumpLevel Level { get; init; } = DumpLevel.All;

    /// <summary>
    /// zstd's level, 1 (fastest) to 19 (smallest); 0 stores pages as they are, for tools that were built without zstd.
    /// </summary>
    public int CompressionLevel { get; init; } = 1;

    /// <summary>Threads that compress; with 1 everything is done on the caller's thread.</summary>
    public int Threads { get; init; } = 1;
}
