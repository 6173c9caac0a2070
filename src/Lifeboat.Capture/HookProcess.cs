using System.ComponentModel;
using System.Diagnostics;

namespace Lifeboat.Capture;

/// <summary>Runs a program that the settings put into the ramdisk.</summary>
internal static class HookProcess
{
    /// <summary>Runs it, its output going to the console.</summary>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="limit">How long it may take; then it is stopped.</param>
    /// <returns>Why it did not end well; null when it did.</returns>
    internal static string? Run(string program, string[] arguments, TimeSpan limit)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments))!;
            if (!process.WaitForExit(limit))
            {
                process.Kill(entireProcessTree: true);
                return $"{program} took longer than {limit.TotalSeconds:0} s and was stopped";
            }

            return process.ExitCode == 0 ? null : $"{program} ended with exit code {process.ExitCode}";
        }
        catch (Exception error) when (error is Win32Exception or InvalidOperationException)
        {
            return $"{program} cannot be run: {error.Message}";
        }
    }
}
