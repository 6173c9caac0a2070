using Lifeboat.Core.Memory;

namespace Lifeboat.Kexec.Boot;

/// <summary>The segment with everything a kernel is told, whose address it is started with.</summary>
internal abstract class HandOver
{
    /// <summary>What the segment is called.</summary>
    internal abstract string Name { get; }

    /// <summary>Its bytes; they do not depend on where anything lies.</summary>
    internal abstract int Size { get; }

    /// <summary>The segment as it lies at <paramref name="start"/>.</summary>
    internal abstract byte[] ToBytes(PhysicalAddress start, HandOverPlaces places);
}
