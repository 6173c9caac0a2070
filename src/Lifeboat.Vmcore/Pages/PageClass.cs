namespace Lifeboat.Vmcore.Pages;

/// <summary>What a page of RAM was used for, as far as leaving it out is concerned.</summary>
internal enum PageClass : byte
{
    /// <summary>The kernel's own, or not known: always kept.</summary>
    Kernel,

    /// <summary>Free.</summary>
    Free,

    /// <summary>Page cache without private data.</summary>
    Cache,

    /// <summary>Page cache with private data.</summary>
    PrivateCache,

    /// <summary>Anonymous memory or a huge page of a process.</summary>
    User,

    /// <summary>A page with a memory error.</summary>
    HardwarePoison,

    /// <summary>Taken or not yet given by the hypervisor.</summary>
    Offline,
}
