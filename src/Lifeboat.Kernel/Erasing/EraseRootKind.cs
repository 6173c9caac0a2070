namespace Lifeboat.Kernel.Erasing;

/// <summary>How the objects of a type are reached.</summary>
public enum EraseRootKind
{
    /// <summary>By a global variable that is the object.</summary>
    Symbol,

    /// <summary>By a list (<c>list_head</c>).</summary>
    List,

    /// <summary>By a red-black tree.</summary>
    Tree,

    /// <summary>By the slab cache that has them all.</summary>
    Cache,
}
