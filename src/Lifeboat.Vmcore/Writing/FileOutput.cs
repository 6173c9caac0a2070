using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Writing;

/// <summary>A dump in a file.</summary>
internal sealed class FileOutput(string path, ByteCount? maxSize = null) : DumpOutput
{
    private readonly OutputFile _file = OutputFile.Create(path);

    internal override bool CanRead => true;

    internal override void WriteAt(FileOffset offset, ReadOnlySpan<byte> bytes)
    {
        CheckSize(offset.Value + (ulong)bytes.Length);
        _file.WriteAt(offset, bytes);
    }

    internal override void ReadAt(FileOffset offset, Span<byte> destination) => _file.ReadAt(offset, destination);

    internal override void SetLength(ByteCount length)
    {
        CheckSize(length.Value);
        _file.SetLength(length);
    }

    internal override void Sync() => _file.Sync();

    internal override void Finish() => _file.Sync();

    public override void Dispose() => _file.Dispose();

    private void CheckSize(ulong end)
    {
        if (maxSize is { } most && end > most.Value)
        {
            throw new KernelInterfaceException(
                "write", path, Errno.EFBIG, $"the dump does not fit the {most} that it may have: raise that, or the level");
        }
    }
}
