using System.Text.Json;
using Lifeboat.Cli.Tests.TestSupport;
using Lifeboat.TestSupport;

namespace Lifeboat.Cli.Tests.Verbs;

[Collection(ConsoleCollection.Name)]
public sealed class CaptureVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _vmcore;

    public CaptureVerbTests() => _vmcore = _folder.Write("vmcore", CoreFile.Of(CrashedMachine.Create()));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_captured_can_be_inspected()
    {
        CommandRun run = CommandRun.Of(
            "capture", "--vmcore", _vmcore, "--target", _folder.Combine("crash"), "--level", "1");
        Assert.Equal(0, run.Code);
        Assert.Contains("dmesg.txt: saved", run.Output, StringComparison.Ordinal);
        Assert.Contains("vmcore.kdump: saved", run.Output, StringComparison.Ordinal);
        Assert.Contains("lifeboat: capture: ", run.Error, StringComparison.Ordinal);

        string folder = Assert.Single(Directory.GetDirectories(_folder.Combine("crash")));
        Assert.EndsWith(folder + Environment.NewLine, run.Output, StringComparison.Ordinal);
        CommandRun inspected = CommandRun.Of("inspect", Path.Combine(folder, "vmcore.kdump"));
        Assert.StartsWith(
            "Crash asked for through sysrq: sysrq triggered crash", inspected.Output, StringComparison.Ordinal);
        Assert.Equal(
            CommandRun.Of("inspect", _vmcore, "log").Output, File.ReadAllText(Path.Combine(folder, "dmesg.txt")));
    }

    [Fact]
    public void The_document_is_the_manifest()
    {
        CommandRun run = CommandRun.Of("capture", "--json", "--vmcore", _vmcore, "--target", _folder.Combine("crash"));
        Assert.Equal(0, run.Code);
        using var document = JsonDocument.Parse(run.Output);
        Assert.Equal(1, document.RootElement.GetProperty("schemaVersion").GetInt32());
        Assert.True(document.RootElement.GetProperty("complete").GetBoolean());
    }

    [Theory]
    [InlineData("none")]
    [InlineData("text")]
    public void What_cannot_be_captured_is_a_failure_with_a_reason(string name)
    {
        _folder.Write("text", "this is no dump");
        CommandRun run = CommandRun.Of(
            "capture", "--vmcore", _folder.Combine(name), "--target", _folder.Combine("crash"));
        Assert.InRange(run.Code, 1, 4);
        Assert.NotEqual(2, run.Code);
        Assert.Contains("lifeboat: ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("defect", run.Error, StringComparison.Ordinal);
    }
}
