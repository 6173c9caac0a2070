namespace Lifeboat.Machine.Tests;

/// <summary>Dumps that come out of a pipe, which cannot seek.</summary>
public sealed class PipeTests(CapturedDumps dumps)
{
    [Fact]
    public void A_dump_goes_through_pipes_and_stays_what_it_is()
    {
        string program = TestMachine.Program;
        string dump = dumps.Get("6.1").Path;
        using var folder = new TemporaryFolder();
        string script =
            $"""
            set -e
            export TMPDIR={folder.File("temporary")}
            mkdir "$TMPDIR"
            cat {dump} | {program} verify -
            {program} filter {dump} - --format flattened | {program} join - {folder.File("joined")}
            {program} filter {dump} - --format flattened | {program} filter - {folder.File("filtered")}
            {program} filter {dump} {folder.File("directly")}
            cmp {folder.File("joined")} {folder.File("directly")}
            cmp {folder.File("filtered")} {folder.File("directly")}
            {program} inspect {dump} log > {folder.File("log")}
            {program} filter {dump} - --format flattened | {program} inspect - log | cmp - {folder.File("log")}
            rmdir "$TMPDIR"
            """;
        ProgramResult result = TestMachine.Run("/bin/bash", ["-o", "pipefail", "-c", script]);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
    }

    [Fact]
    public void A_pipe_that_has_no_room_for_its_dump_is_told()
    {
        ProgramResult result = TestMachine.Run(
            "/bin/sh",
            ["-c", $"echo nothing | {TestMachine.Program} info -"],
            environment: new Dictionary<string, string>(StringComparer.Ordinal) { ["TMPDIR"] = "/nonexistent/folder" });
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("/nonexistent/folder", result.Error, StringComparison.Ordinal);
    }
}
