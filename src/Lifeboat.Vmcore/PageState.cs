namespace Lifeboat.Vmcore;

/// <summary>What a dump has of one page.</summary>
public enum PageState : byte
{
    /// <summary>The page's bytes are in the dump.</summary>
    Present,

    /// <summary>The page held only zeros; the dump says so without storing them.</summary>
    Zero,

    /// <summary>The page was RAM, and was left out when the dump was filtered.</summary>
    Excluded,

    /// <summary>The page should be in the dump, which ends before it or was never completed.</summary>
    Truncated,

    /// <summary>There was no RAM at this address, or the dump does not cover it.</summary>
    NotRam,
}
