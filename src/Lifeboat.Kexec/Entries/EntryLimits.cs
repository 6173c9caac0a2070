namespace Lifeboat.Kexec.Entries;

/// <summary>How much is believed of a boot loader's files.</summary>
internal static class EntryLimits
{
    /// <summary>Bytes of one text file; a grub.cfg of hundreds of entries has half a MiB.</summary>
    internal const int MaxTextBytes = 4 << 20;

    /// <summary>Entries of one menu, submenus included.</summary>
    internal const int MaxEntries = 4096;

    /// <summary>Blocks within blocks, and calls within calls.</summary>
    internal const int MaxDepth = 64;

    /// <summary>Statements that are evaluated, copies of variables counted in.</summary>
    internal const int MaxSteps = 2_000_000;

    /// <summary>Characters of one value.</summary>
    internal const int MaxValue = 64 << 10;
}
