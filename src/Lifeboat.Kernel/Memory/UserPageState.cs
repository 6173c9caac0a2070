namespace Lifeboat.Kernel.Memory;

/// <summary>Where a page of a process is.</summary>
public enum UserPageState
{
    /// <summary>Nowhere: it was never touched, or it is to be read from its file again.</summary>
    Nothing,

    /// <summary>In RAM.</summary>
    InRam,

    /// <summary>In RAM, but nobody may touch it (PROT_NONE, or to learn which CPU does).</summary>
    WithoutAccess,

    /// <summary>In a swap area.</summary>
    Swapped,

    /// <summary>The entry marks something else: a page that moves, one that broke, one of a device.</summary>
    Marked,

    /// <summary>The page tables that lead to it cannot be read.</summary>
    Unknown,
}
