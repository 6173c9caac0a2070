namespace Lifeboat.Kernel.Objects.Walks;

/// <summary>How a walk over linked objects ended.</summary>
public enum WalkEnd
{
    /// <summary>At its end: these are all.</summary>
    Complete,

    /// <summary>At memory that cannot be read; <see cref="KernelWalk{T}.Fault"/> says which.</summary>
    Unreadable,

    /// <summary>The links lead in a circle.</summary>
    Loop,

    /// <summary>What is linked contradicts itself.</summary>
    Damaged,

    /// <summary>There are more objects than <see cref="Core.DumpLimits.MaxLinkedObjects"/> allows.</summary>
    TooMany,
}
