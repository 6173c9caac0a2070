using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Writing;

/// <summary>
/// The two bitmaps while a dump is written, in windows: into the outputs as the format has them, and back out of the
/// first one, or out of memory where that cannot be read.
/// </summary>
internal sealed class PageBitmaps
{
    private readonly IReadOnlyList<DumpOutput> _outputs;
    private readonly FileOffset _ram;
    private readonly FileOffset _kept;
    private readonly WindowStore? _memory;

    /// <summary>Bitmaps at their places in one output or, the same, in each of several.</summary>
    internal PageBitmaps(IReadOnlyList<DumpOutput> outputs, KdumpFilePlan plan)
    {
        (_outputs, _ram, _kept) = (outputs, plan.RamBitmap, plan.KeptBitmap);
        _memory = outputs[0].CanRead ? null : new WindowStore();
    }

    /// <summary>The bitmap of kept pages in memory only, for formats that have none.</summary>
    internal PageBitmaps() => (_outputs, _memory) = ([], new WindowStore());

    internal void Write(ulong startPfn, ReadOnlySpan<byte> ram, ReadOnlySpan<byte> kept)
    {
        for (int i = 0; i < _outputs.Count; i++)
        {
            _outputs[i].WriteAt(_ram + new ByteCount(startPfn / 8), ram);
        }

        WriteKept(startPfn, kept);
    }

    internal void WriteKept(ulong startPfn, ReadOnlySpan<byte> kept)
    {
        for (int i = 0; i < _outputs.Count; i++)
        {
            _outputs[i].WriteAt(_kept + new ByteCount(startPfn / 8), kept);
        }

        _memory?.Write(startPfn, kept);
    }

    internal void ReadKept(ulong startPfn, Span<byte> kept)
    {
        if (_memory is not null)
        {
            _memory.Read(startPfn, kept);
        }
        else
        {
            _outputs[0].ReadAt(_kept + new ByteCount(startPfn / 8), kept);
        }
    }
}
