using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Erasing;

/// <summary>Bytes of physical memory that a dump is not to have.</summary>
public sealed class ErasedRange
{
    /// <summary>A range that is erased for a reason.</summary>
    /// <param name="what">What lies there, one word such as <c>user_key_payload.data</c>.</param>
    /// <param name="range">Where it lies.</param>
    /// <exception cref="ArgumentException">It is no word.</exception>
    public ErasedRange(string what, PhysicalRange range)
    {
        What = EraseInfo.IsWord(what) ? what : throw new ArgumentException("one word of plain characters", nameof(what));
        Range = range;
    }

    /// <summary>What lies there.</summary>
    public string What { get; }

    /// <summary>Where it lies.</summary>
    public PhysicalRange Range { get; }
}
