using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Writing;

/// <summary>A dump in a file.</summary>
internal sealed class FileOutput : DumpOutput
{
    private readonly OutputFile _file;
    private readonly string _path;
    private readonly ByteCount? _maxSize;
    private readonly SteadySync? _steady;

    internal FileOutput(string path, ByteCount? maxSize = null, ByteCount? syncEvery = null)
    {
        _file = OutputFile.Create(path);
        (_path, _maxSize) = (path, maxSize);
        _steady = syncEvery is { } every ? new SteadySync(_file.Sync, every) : null;
    }

    internal override bool CanRead => true;

    internal override void WriteAt(FileOffset offset, ReadOnlySpan<byte> bytes)
    {
        SizeLimit.Check(offset.Value + (ulong)bytes.Length, _maxSize, _path);
        _file.WriteAt(offset, bytes);
        _steady?.Wrote(bytes.Length);
    }

    internal override void ReadAt(FileOffset offset, Span<byte> destination) => _file.ReadAt(offset, destination);

    internal override void SetLength(ByteCount length)
    {
        SizeLimit.Check(length.Value, _maxSize, _path);
        _file.SetLength(length);
    }

    internal override void Sync()
    {
        _file.Sync();
        _steady?.Check();
    }

    internal override void Finish() => Sync();

    public override void Dispose()
    {
        _steady?.Dispose();
        _file.Dispose();
    }
}
