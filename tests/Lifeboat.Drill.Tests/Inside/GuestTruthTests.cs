using System.Text.Json;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Drill.Inside;
using Lifeboat.TestSupport;

namespace Lifeboat.Drill.Tests.Inside;

public sealed class GuestTruthTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_record_comes_back_as_it_was()
    {
        var truth = new GuestTruth
        {
            Seed = ulong.MaxValue,
            Patterns = [new PatternPages { Kind = PatternKind.Kernel, Pfns = [1, 0xF_FFFF_FFFF] }],
            Release = "6.1.0",
            Tasks = [new GuestTask(7, "lb-pipe", "S")],
            Segments = [new LoadedSegment("kernel", 0x1000, 0x2000)],
            ReservedBytes = 128 << 20,
        };
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(truth, GuestJsonContext.Default.GuestTruth);
        GuestTruth read = GuestTruth.Load(_folder.Write("truth", json));
        Assert.Equal(json, JsonSerializer.SerializeToUtf8Bytes(read, GuestJsonContext.Default.GuestTruth));
        Assert.Equal([1UL, 0xF_FFFF_FFFF], Assert.Single(read.Patterns).Pfns);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[[[[")]
    [InlineData("""{"seed":1,"patterns":null,"release":"","tasks":[],"segments":[],"reservedBytes":0}""")]
    [InlineData("""{"seed":1,"patterns":[null],"release":"","tasks":[],"segments":[],"reservedBytes":0}""")]
    [InlineData(
        """{"seed":1,"patterns":[{"kind":9,"pfns":[]}],"release":"","tasks":[],"segments":[],"reservedBytes":0}""")]
    [InlineData(
        """{"seed":1,"patterns":[{"kind":"User","pfns":null}],"release":"","tasks":[],"segments":[],"reservedBytes":0}""")]
    [InlineData(
        """{"seed":1,"patterns":[{"kind":"User","pfns":[-1]}],"release":"","tasks":[],"segments":[],"reservedBytes":0}""")]
    [InlineData("""{"seed":1,"patterns":[],"release":null,"tasks":[],"segments":[],"reservedBytes":0}""")]
    [InlineData("""{"seed":1,"patterns":[],"release":"","tasks":[null],"segments":[],"reservedBytes":0}""")]
    [InlineData("""{"seed":1,"patterns":[],"release":"","tasks":[],"segments":[null],"reservedBytes":0}""")]
    [InlineData(
        """{"seed":1,"patterns":[],"release":"","tasks":[],"segments":[{"name":"x","start":18446744073709551615,"length":2}],"reservedBytes":0}""")]
    [InlineData(
        """{"seed":1,"patterns":[],"release":"","tasks":[],"segments":[{"name":null,"start":1,"length":2}],"reservedBytes":0}""")]
    public void What_is_no_record_is_a_diagnostic(string text)
    {
        string path = _folder.Write("truth", text);
        Diagnostic diagnostic = Assert.Single(
            Assert.Throws<DiagnosticException>(() => GuestTruth.Load(path)).Diagnostics);
        Assert.Equal((DrillDiagnostics.NoTruth, path), (diagnostic.Id, diagnostic.Where));
    }

    [Fact]
    public void A_missing_record_is_a_diagnostic() =>
        Assert.Throws<DiagnosticException>(() => GuestTruth.Load(_folder.Combine("none")));

    [Fact]
    public void A_record_that_is_far_too_long_is_not_read() => Assert.Contains(
        "no guest writes",
        Assert.Throws<DiagnosticException>(() => GuestTruth.Load(_folder.Write("truth", new byte[(16 << 20) + 1]))).Message,
        StringComparison.Ordinal);
}
