using Lifeboat.Core.Diagnostics;
using Lifeboat.Vmcore.Pages;

namespace Lifeboat.Vmcore.Writing;

/// <summary>
/// The bits of kept pages for an output that cannot be read back: they are found out again, which takes seconds a TiB
/// and no memory, where keeping them takes up to 32 MiB a TiB.
/// </summary>
internal sealed class ReclassifiedWindows(DumpSource source, DumpWriteOptions options) : IKeptWindows, IDisposable
{
    private readonly List<Diagnostic> _toldBefore = [];
    private PageClassifier? _classifier;
    private WindowClassifier? _windows;
    private ulong _next;

    /// <inheritdoc/>
    public void ReadKept(ulong startPfn, Span<byte> kept)
    {
        if (_windows is null || startPfn < _next)
        {
            // Blocks reach upwards over windows: going back means beginning anew.
            _classifier?.Dispose();
            _classifier = PageClassifier.Create(source, options, _toldBefore);
            _windows = new WindowClassifier(source, _classifier);
        }

        _ = _windows.TryRun(startPfn, new PageTally());
        _windows.Kept.CopyTo(kept);
        _next = startPfn + WindowClassifier.WindowPages;
    }

    public void Dispose() => _classifier?.Dispose();
}
