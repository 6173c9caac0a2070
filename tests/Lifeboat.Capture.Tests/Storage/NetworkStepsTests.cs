using Lifeboat.Capture.Storage;
using Lifeboat.Capture.Tests.Targets;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Tests.Storage;

public sealed class NetworkStepsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _done = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_host_is_reached_before_its_disk_is_connected_to()
    {
        Run(Step("one", "192.0.2.7"));
        Assert.Equal(["reach 192.0.2.7", "run one"], _done);
    }

    [Fact]
    public void One_of_two_ways_suffices()
    {
        Run(Step("refused", "192.0.2.7"), Step("two", "192.0.2.8"));
        Assert.Equal(["reach 192.0.2.7", "run refused", "reach 192.0.2.8", "run two"], _done);
    }

    [Fact]
    public void Without_any_way_each_says_why()
    {
        DiagnosticException failure = Assert.Throws<DiagnosticException>(() => Run(Step("refused", "192.0.2.7"), Step("two", "198.51.100.1")));
        Assert.Equal(CaptureDiagnostics.StorageNotUp, failure.Diagnostics[0].Id);
        Assert.Contains("refused is refused", failure.Diagnostics[0].Found, StringComparison.Ordinal);
        Assert.Contains("no way to 198.51.100.1", failure.Diagnostics[0].Found, StringComparison.Ordinal);
        Assert.DoesNotContain("run two", _done);
    }

    [Fact]
    public void What_is_made_of_a_lost_disk_is_tried_and_tells_both()
    {
        DiagnosticException failure = Assert.Throws<DiagnosticException>(() => Run(Step("refused", "192.0.2.7"), Step("refused too", null)));
        Assert.Contains("refused is refused; refused too is refused", failure.Diagnostics[0].Found, StringComparison.Ordinal);
    }

    private static StorageStep Step(string name, string? host) => new(name, [], "/program", [name]) { Host = host };

    private void Run(params StorageStep[] steps) =>
        new StorageSetup(
            new ImpatientTime(),
            _ => { },
            (_, arguments, _) =>
            {
                _done.Add($"run {arguments[0]}");
                return arguments[0].StartsWith("refused", StringComparison.Ordinal) ? $"{arguments[0]} is refused" : null;
            },
            _folder.Path,
            _folder.Path)
        {
            Reach = (host, _) =>
            {
                _done.Add($"reach {host}");
                if (host.StartsWith("198", StringComparison.Ordinal))
                {
                    throw new DiagnosticException(new Diagnostic(CaptureDiagnostics.NetworkDown, $"no way to {host}"));
                }
            },
        }.Run(new StoragePlan("UUID=1", steps), TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
}
