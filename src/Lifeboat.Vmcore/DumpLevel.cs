namespace Lifeboat.Vmcore;

/// <summary>Which pages to leave out of a dump: the bits of makedumpfile's <c>-d</c>.</summary>
[Flags]
public enum DumpLevel
{
    /// <summary>Keep every page.</summary>
    None = 0,

    /// <summary>Pages of zeros.</summary>
    Zero = 1,

    /// <summary>Page cache without private data.</summary>
    Cache = 2,

    /// <summary>Page cache with private data (buffer heads and the like).</summary>
    PrivateCache = 4,

    /// <summary>Memory of processes: anonymous pages and huge pages.</summary>
    User = 8,

    /// <summary>Free pages.</summary>
    Free = 16,

    /// <summary>All of these: what is left is the kernel's own.</summary>
    All = Zero | Cache | PrivateCache | User | Free,
}
