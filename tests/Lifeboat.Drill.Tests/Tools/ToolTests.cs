using Lifeboat.Core.Diagnostics;
using Lifeboat.Drill.Tools;
using Lifeboat.TestSupport;

namespace Lifeboat.Drill.Tests.Tools;

public sealed class ToolTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_tool_is_searched_where_one_says()
    {
        string tool = _folder.Write("bin/tool", "");
        Assert.Equal(tool, Tool.Find("tool", $"/nonexistent::{_folder.Combine("bin")}"));
        Assert.Null(Tool.Find("tool", "/nonexistent"));
        Assert.Null(Tool.Find("tool", ""));
        Assert.NotNull(Tool.Find("sh", null));
    }

    [Fact]
    public void Output_and_exit_code_come_back_and_standard_input_is_empty() => Assert.Equal(
        new ToolResult(3, "out\n", "error\n"),
        Tool.Run("/bin/sh", ["-c", "cat; echo out; echo error >&2; exit 3"], CancellationToken.None));

    [Fact]
    public void Much_output_on_both_streams_does_not_block()
    {
        ToolResult result = Tool.Run(
            "/bin/sh", ["-c", "head -c 300000 /dev/zero >&2; head -c 300000 /dev/zero"], CancellationToken.None);
        Assert.Equal((300_000, 300_000), (result.Output.Length, result.Error.Length));
    }

    [Fact]
    public void A_tool_that_fails_is_a_diagnostic_with_what_it_said()
    {
        Diagnostic diagnostic = Assert.Single(Assert.Throws<DiagnosticException>(
            () => Tool.RunOrFail("/bin/sh", ["-c", "echo no such thing >&2; exit 7"], CancellationToken.None)).Diagnostics);
        Assert.Equal(DrillDiagnostics.ToolFailed, diagnostic.Id);
        Assert.Equal(("sh ended with exit code 7", "no such thing"), (diagnostic.What, diagnostic.Found));
    }

    [Fact]
    public void A_cancelled_tool_is_killed()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        Assert.Throws<OperationCanceledException>(
            () => Tool.Run("/bin/sh", ["-c", "kill -STOP $$"], cancellation.Token));
    }
}
