namespace Lifeboat.Kernel.Erasing;

/// <summary>How much is looked for what is to be erased, whatever the crashed kernel's memory holds.</summary>
public sealed record EraseLimits
{
    /// <summary>The limits used when none are given.</summary>
    public static EraseLimits Default { get; } = new();

    /// <summary>Ranges of memory in all.</summary>
    public int MaxRanges { get; init; } = 1 << 16;

    /// <summary>Bytes of one object; a key of the keyring has at most 64 KiB, or 1 MiB when it is a big one.</summary>
    public ulong MaxObjectBytes { get; init; } = 16 << 20;

    /// <summary>The time for all of it.</summary>
    public TimeSpan MaxTime { get; init; } = TimeSpan.FromSeconds(60);
}
