using System.ComponentModel;
using System.Diagnostics;

namespace Lifeboat.Capture.HostPrograms;

/// <summary>What a program of the running machine prints, while a ramdisk is built.</summary>
internal static class ProgramOutput
{
    /// <summary>Runs it with nothing to read.</summary>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="limit">How long it may take; then it is stopped.</param>
    /// <returns>What it printed; null when it did not end well.</returns>
    internal static string? Of(string program, string[] arguments, TimeSpan limit)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            process.StandardInput.Close();
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> errors = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(limit))
            {
                process.Kill();
                process.WaitForExit();
                return null;
            }

            Task.WaitAll(output, errors);
            return process.ExitCode == 0 ? output.Result : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
