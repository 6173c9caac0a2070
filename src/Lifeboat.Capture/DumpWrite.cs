using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Capture;

/// <summary>Writes a dump; see <see cref="KdumpFileWriter.Write"/>.</summary>
internal delegate DumpWriteResult DumpWrite(
    DumpSource source,
    string path,
    DumpWriteOptions options,
    IProgress<DumpProgress>? progress,
    CancellationToken cancellationToken);
