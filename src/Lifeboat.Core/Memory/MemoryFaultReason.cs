namespace Lifeboat.Core.Memory;

/// <summary>Why target memory could not be read.</summary>
public enum MemoryFaultReason
{
    /// <summary>It could be read.</summary>
    None,

    /// <summary>The page was RAM, and was left out when the dump was filtered.</summary>
    Excluded,

    /// <summary>There is no RAM, or no page-table entry, at this address.</summary>
    Unmapped,

    /// <summary>The dump ends before this page.</summary>
    Truncated,

    /// <summary>The page is there and does not decompress to a page.</summary>
    Damaged,
}
