using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Writing;

/// <summary>Where a dump goes: a file, or a stream of records that says where each piece belongs.</summary>
internal abstract class DumpOutput : IDisposable
{
    /// <summary>Whether what was written can be read back.</summary>
    internal abstract bool CanRead { get; }

    internal abstract void WriteAt(FileOffset offset, ReadOnlySpan<byte> bytes);

    /// <summary>Reads back; what was not written reads as zeros.</summary>
    internal abstract void ReadAt(FileOffset offset, Span<byte> destination);

    /// <summary>Sets the length, before anything is written at the end; what is added reads as zeros.</summary>
    internal abstract void SetLength(ByteCount length);

    /// <summary>Returns when everything written is on stable storage, as far as the output has any.</summary>
    internal abstract void Sync();

    /// <summary>Ends the output; nothing is written after it.</summary>
    internal abstract void Finish();

    public abstract void Dispose();
}
