using System.ComponentModel;
using System.Diagnostics;

namespace Lifeboat.Kexec.Tests.Support;

/// <summary>Runs an oracle; a test whose oracle is not installed is skipped and counted.</summary>
internal static class Tool
{
    /// <summary>What the tool makes of its standard input.</summary>
    internal static byte[] Filter(string name, byte[] input, params IReadOnlyList<string> arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(name, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
            Task writing = Task.Run(() =>
            {
                process.StandardInput.BaseStream.Write(input);
                process.StandardInput.Close();
            });
            using var output = new MemoryStream();
            process.StandardOutput.BaseStream.CopyTo(output);
            process.WaitForExit();
            writing.Wait();
            Assert.Equal(0, process.ExitCode);
            return output.ToArray();
        }
        catch (Win32Exception)
        {
            Assert.Skip($"{name} is not installed");
            throw;
        }
    }

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
