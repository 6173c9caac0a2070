namespace Lifeboat.Machine.Tests.Faults;

/// <summary>A write, or a flush (of no bytes), in the order in which the disk answered them.</summary>
/// <param name="Offset">Where on the disk.</param>
/// <param name="Length">Bytes; 0 for a flush.</param>
/// <param name="Place">Where its bytes are kept in the record.</param>
/// <param name="IsForced">Whether it was to be on the medium before it was answered (FUA).</param>
internal sealed record RecordedWrite(long Offset, int Length, long Place, bool IsForced)
{
    internal bool IsFlush => Length == 0;
}
