using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Writing;

/// <summary>How far writing a dump has come.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="PagesDone">Pages of this stage that are done.</param>
/// <param name="PagesInAll">Pages of this stage in all.</param>
/// <param name="BytesWritten">Bytes of the file so far.</param>
public readonly record struct DumpProgress(
    DumpStage Stage, ulong PagesDone, ulong PagesInAll, ByteCount BytesWritten);
