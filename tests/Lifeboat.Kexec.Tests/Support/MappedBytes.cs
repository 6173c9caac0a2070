using System.Buffers;
using System.IO.MemoryMappedFiles;

namespace Lifeboat.Kexec.Tests.Support;

/// <summary>A mapped file as memory.</summary>
internal sealed unsafe class MappedBytes : MemoryManager<byte>
{
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;
    private readonly int _length;

    internal MappedBytes(MemoryMappedFile file, int length)
    {
        _view = file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        _length = length;

        // Safety: the view stays mapped until Dispose releases it.
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
    }

    public override Span<byte> GetSpan() => new(_start, _length);

    public override MemoryHandle Pin(int elementIndex = 0) => new(_start + elementIndex);

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
    }
}
