using System.Diagnostics;

namespace Lifeboat.Capture;

/// <summary>Makes the report in a process of its own.</summary>
/// <remarks>
/// Memory of a crashed machine can make a reader slow, large or dead: the process is ended in time, is the first to go
/// when memory runs out, and gives back all it took before the dump begins.
/// </remarks>
internal static class ReportProcess
{
    private const string FirstToGo = "1000";

    /// <summary>Runs <c>PROGRAM inspect --save FOLDER VMCORE</c>; the whole report.</summary>
    /// <param name="program">The program.</param>
    /// <param name="vmcore">The memory.</param>
    /// <param name="folder">Where its files go.</param>
    /// <param name="limit">The longest it may take.</param>
    /// <returns>Why there is no report; null when there is.</returns>
    internal static string? Run(string program, string vmcore, string folder, TimeSpan limit) =>
        Run(program, ["inspect", "--save", folder, vmcore], limit);

    /// <summary>Runs it with <c>--log-only</c>: a report that takes little memory, and looks at little of the crashed machine's.</summary>
    /// <inheritdoc cref="Run(string, string, string, TimeSpan)"/>
    internal static string? RunLogOnly(string program, string vmcore, string folder, TimeSpan limit) =>
        Run(program, ["inspect", "--log-only", "--save", folder, vmcore], limit);

    private static string? Run(string program, string[] arguments, TimeSpan limit)
    {
        if (limit <= TimeSpan.Zero)
        {
            return "no time was left for it";
        }

        // What the log's tier has read is given back first: in a small reservation there is not room for both.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        PutFirstToGo(process.Id);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(limit))
        {
            process.Kill();
            process.WaitForExit(); // its memory is free then, which the dump needs
            return $"it took longer than {limit.TotalSeconds:0} s and was stopped";
        }

        Task.WaitAll(output, error);
        return process.ExitCode == 0 ? null : $"it ended with exit code {process.ExitCode}: {error.Result.Trim()}";
    }

    private static void PutFirstToGo(int process)
    {
        try
        {
            File.WriteAllText($"/proc/{process}/oom_score_adj", FirstToGo);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It is gone already, or there is no /proc: nothing to protect, or nothing to do about it.
        }
    }
}
