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
        SizeLimit.Check(offset.Value + (ulong)bytes.Length, maxSize, path);
        _file.WriteAt(offset, bytes);
    }

    internal override void ReadAt(FileOffset offset, Span<byte> destination) => _file.ReadAt(offset, destination);

    internal override void SetLength(ByteCount length)
    {
        SizeLimit.Check(length.Value, maxSize, path);
        _file.SetLength(length);
    }

    internal override void Sync() => _file.Sync();

    internal override void Finish() => _file.Sync();

    public override void Dispose() => _file.Dispose();
}
