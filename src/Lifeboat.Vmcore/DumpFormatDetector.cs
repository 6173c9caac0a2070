using Lifeboat.Core;

namespace Lifeboat.Vmcore;

/// <summary>Finds a dump's format by its first bytes.</summary>
internal static class DumpFormatDetector
{
    internal static DumpSource Open(string path, DumpLimits limits) => throw new NotSupportedException($"{path} {limits}");
}
