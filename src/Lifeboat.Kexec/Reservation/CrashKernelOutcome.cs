using Lifeboat.Core.Memory;

namespace Lifeboat.Kexec.Reservation;

/// <summary>What the kernel tries to reserve.</summary>
public sealed record CrashKernelOutcome
{
    /// <summary>The entry that counts; null when there is none.</summary>
    public CrashKernelEntry? Entry { get; init; }

    /// <summary>The reservation; zero for none.</summary>
    public ByteCount Size { get; init; }

    /// <summary>The address it must lie at; null for any.</summary>
    public PhysicalAddress? Offset { get; init; }

    /// <summary>Whether it lies above 4 GiB if there is room there, and only otherwise below.</summary>
    public bool High { get; init; }

    /// <summary>What is reserved below 4 GiB when the reservation itself comes to lie above.</summary>
    public ByteCount Low { get; init; }

    /// <summary>What is reserved in CMA; zero for none.</summary>
    public ByteCount Cma { get; init; }

    /// <summary>Why nothing is reserved; null when something is.</summary>
    public string? Error { get; init; }
}
