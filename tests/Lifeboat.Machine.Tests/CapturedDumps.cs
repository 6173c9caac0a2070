using System.Collections.Concurrent;

[assembly: AssemblyFixture(typeof(Lifeboat.Machine.Tests.CapturedDumps))]

namespace Lifeboat.Machine.Tests;

/// <summary>One drill a kernel and compression, run when the first test asks for it; its dump is kept while tests run.</summary>
public sealed class CapturedDumps : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentDictionary<string, Lazy<CapturedDump>> _dumps = new(StringComparer.Ordinal);

    /// <summary>The dump of a passed drill.</summary>
    internal CapturedDump Get(string series, string compression = "zstd") => _dumps.GetOrAdd($"{series}-{compression}", name => new Lazy<CapturedDump>(() =>
    {
        TestKernel kernel = TestMachine.Kernel(series);
        string folder = _folder.File(name);
        DrillResult drill = DrillResult.Run(kernel, "--compress", compression, "--keep", folder).MustEndWith(0);
        return new CapturedDump(kernel, drill, folder);
    })).Value;

    public void Dispose() => _folder.Dispose();
}
