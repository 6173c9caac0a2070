using System.Diagnostics;
using System.Globalization;

namespace Lifeboat.Machine.Tests;

public sealed class InterruptedDrillTests
{
    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public void An_interrupted_drill_leaves_no_process_and_no_file(string signal)
    {
        TestKernel kernel = TestMachine.Kernel("6.1");
        using var temporary = new TemporaryFolder();

        // A shell that runs the tests in the background has SIGINT ignored, and so have all that it starts.
        string[] command = ["--default-signal=INT,TERM", TestMachine.Program, "drill", "--kernel", kernel.Image, "--modules", kernel.Modules];
        var start = new ProcessStartInfo("env", command)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.Environment["TMPDIR"] = temporary.Path;
        using Process drill = Process.Start(start)!;
        WaitForLine(drill.StandardError, "first kernel up");
        int[] children = ChildrenOf(drill.Id);
        Assert.NotEmpty(children);

        TestMachine.Run("/bin/sh", ["-c", $"kill -{signal} {drill.Id}"]);
        drill.WaitForExit();

        Assert.Equal(130, drill.ExitCode);
        Assert.DoesNotContain(children, child => Directory.Exists($"/proc/{child}"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(temporary.Path));
    }

    private static void WaitForLine(StreamReader stream, string text)
    {
        var seen = new List<string>();
        while (stream.ReadLine() is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return;
            }

            seen.Add(line);
        }

        Assert.Fail($"'{text}' never came:\n{string.Join('\n', seen)}");
    }

    private static int[] ChildrenOf(int pid) =>
        [.. Directory.EnumerateDirectories($"/proc/{pid}/task")
            .SelectMany(thread => File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(child => int.Parse(child, CultureInfo.InvariantCulture))];
}
