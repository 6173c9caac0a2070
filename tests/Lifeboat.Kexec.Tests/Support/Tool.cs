using System.ComponentModel;
using System.Diagnostics;

namespace Lifeboat.Kexec.Tests.Support;

/// <summary>Runs an oracle; a test whose oracle is not installed is skipped and counted.</summary>
internal static class Tool
{
    internal static string Run(string name, params IReadOnlyList<string> arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(name, arguments)
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
                Environment = { ["LC_ALL"] = "C" },
            })!;
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
            return output;
        }
        catch (Win32Exception)
        {
            Assert.Skip($"{name} is not installed");
            throw;
        }
    }
}
