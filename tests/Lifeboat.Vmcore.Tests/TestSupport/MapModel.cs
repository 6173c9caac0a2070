namespace Lifeboat.Vmcore.Tests.TestSupport;

/// <summary>How a kernel keeps its map of memory.</summary>
internal enum MapModel
{
    /// <summary>Sections under roots, one array for all.</summary>
    Vmemmap,

    /// <summary>Sections under roots, an array each.</summary>
    Extreme,

    /// <summary>The same, and the symbol is that of a pointer to the roots.</summary>
    ExtremeIndirect,

    /// <summary>Sections without roots, an array each.</summary>
    Classic,

    /// <summary>One array that a symbol points to.</summary>
    Flat,

    /// <summary>One array that the only node points to.</summary>
    FlatNode,
}
