using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Writing;

/// <summary>A dump in a file.</summary>
internal sealed class FileOutput(string path) : DumpOutput
{
    private readonly OutputFile _file = OutputFile.Create(path);

    internal override bool CanRead => true;

    internal override void WriteAt(FileOffset offset, ReadOnlySpan<byte> bytes) => _file.WriteAt(offset, bytes);

    internal override void ReadAt(FileOffset offset, Span<byte> destination) => _file.ReadAt(offset, destination);

    internal override void SetLength(ByteCount length) => _file.SetLength(length);

    internal override void Sync() => _file.Sync();

    internal override void Finish() => _file.Sync();

    public override void Dispose() => _file.Dispose();
}
