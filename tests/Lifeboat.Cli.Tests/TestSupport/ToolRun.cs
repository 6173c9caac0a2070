using System.Diagnostics;

namespace Lifeboat.Cli.Tests.TestSupport;

/// <summary>A program that was run in a folder, with what it printed.</summary>
internal sealed record ToolRun(int Code, string Output, string Error)
{
    /// <summary>Runs a program; a word of its own each.</summary>
    internal static ToolRun Of(string folder, string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new ToolRun(process.ExitCode, output, errors.Result);
    }

    /// <summary>Runs a line of the shell.</summary>
    internal static ToolRun OfShell(string folder, string line) => Of(folder, "/bin/sh", "-c", line);
}
