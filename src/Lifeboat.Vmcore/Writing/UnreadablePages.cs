namespace Lifeboat.Vmcore.Writing;

/// <summary>What becomes of a page that is wanted and cannot be read.</summary>
internal enum UnreadablePages
{
    /// <summary>Its bit is taken out of the bitmap, as if it had been left out.</summary>
    Dropped,

    /// <summary>It has a descriptor that points nowhere: the bitmap is written and cannot be changed.</summary>
    Missing,

    /// <summary>Its place holds zeros: the format has a place for every page.</summary>
    Zeros,
}
