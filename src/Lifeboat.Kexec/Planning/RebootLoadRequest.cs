using Lifeboat.Core.Memory;

namespace Lifeboat.Kexec.Planning;

/// <summary>What is to be loaded for a reboot that skips the firmware, and on which machine.</summary>
public sealed record RebootLoadRequest : LoadRequest
{
    /// <summary>No segment lies below this (kexec --mem-min); the first MiB is never used.</summary>
    public PhysicalAddress MemoryMinimum { get; init; }

    /// <summary>No byte of a segment lies at this or above (kexec --mem-max plus one); null for no bound.</summary>
    public PhysicalAddress? MemoryEnd { get; init; }

    /// <summary>
    /// Whether the running kernel is kept and can be returned to (KEXEC_PRESERVE_CONTEXT, CONFIG_KEXEC_JUMP). The next kernel then has
    /// the memory below <see cref="MemoryEnd"/> only, and all of that is saved in the jump.
    /// </summary>
    public bool PreserveContext { get; init; }
}
