using System.Collections.Concurrent;

[assembly: AssemblyFixture(typeof(Lifeboat.Machine.Tests.CapturedDumps))]

namespace Lifeboat.Machine.Tests;

/// <summary>One drill a kernel, run when the first test asks for it; its dump is kept while tests run.</summary>
public sealed class CapturedDumps : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentDictionary<string, Lazy<CapturedDump>> _dumps = new(StringComparer.Ordinal);

    /// <summary>The dump of a passed drill.</summary>
    internal CapturedDump Get(string series) => _dumps.GetOrAdd(series, _ => new Lazy<CapturedDump>(() =>
    {
        TestKernel kernel = TestMachine.Kernel(series);
        string folder = _folder.File(series);
        DrillResult drill = DrillResult.Run(kernel, "--keep", folder).MustEndWith(0);
        return new CapturedDump(kernel, drill, folder);
    })).Value;

    public void Dispose() => _folder.Dispose();
}
