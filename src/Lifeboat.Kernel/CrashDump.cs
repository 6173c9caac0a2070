using Lifeboat.Core.Diagnostics;
using Lifeboat.Vmcore;

namespace Lifeboat.Kernel;

/// <summary>A dump opened to look at the kernel in it.</summary>
/// <remarks><para><b>Ownership.</b> Disposing it closes the dump; its objects are of no use then.</para></remarks>
public sealed class CrashDump : IDisposable
{
    private CrashDump(DumpSource source, CrashedKernel kernel) => (Source, Kernel) = (source, kernel);

    /// <summary>The dump itself.</summary>
    public DumpSource Source { get; }

    /// <summary>The kernel in it.</summary>
    public CrashedKernel Kernel { get; }

    /// <summary>Opens a dump of any format; several paths are the parts of a split one.</summary>
    /// <exception cref="DumpFormatException">It is no dump, or what leads to the kernel's objects is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static CrashDump Open(params IReadOnlyList<string> paths)
    {
        DumpSource source = DumpSource.Open(paths);
        try
        {
            return new CrashDump(source, CrashedKernel.Open(source));
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Source.Dispose();
}
