using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Capture;

/// <summary>Writes a dump as a stream; see <see cref="KdumpFileWriter.WriteFlattened"/>.</summary>
internal delegate DumpWriteResult DumpStreamWrite(
    DumpSource source,
    Stream stream,
    DumpWriteOptions options,
    IProgress<DumpProgress>? progress,
    CancellationToken cancellationToken);
