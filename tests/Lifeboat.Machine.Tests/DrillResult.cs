using System.Text.Json;

namespace Lifeboat.Machine.Tests;

/// <summary>A drill that was run through the command line, and its JSON document.</summary>
internal sealed record DrillResult(int ExitCode, JsonElement Document, string Messages)
{
    /// <summary>Runs <c>lifeboat drill --json</c>.</summary>
    public static DrillResult Run(TestKernel kernel, params string[] options)
    {
        using var temporary = new TemporaryFolder();
        ProgramResult result = TestMachine.Run(
            TestMachine.Program,
            ["drill", "--json", "--kernel", kernel.Image, "--modules", kernel.Modules, .. options],
            environment: new() { ["TMPDIR"] = temporary.Path });
        Assert.True(result.Output.StartsWith('{'), $"no JSON document:\n{result.Output}\n{result.Error}");
        Assert.Empty(Directory.EnumerateFileSystemEntries(temporary.Path));
        return new DrillResult(result.ExitCode, JsonDocument.Parse(result.Output).RootElement, result.Error);
    }

    /// <summary>Fails the test with everything that was said, unless the drill ended as it should.</summary>
    public DrillResult MustEndWith(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"exit code {ExitCode}, expected {exitCode}\n{Messages}\n{Document}");
        return this;
    }

    /// <summary>The failure's text of one kind: what, hint.</summary>
    public string Failure(string name) => Document.GetProperty("failure").GetProperty(name).GetString()!;
}
