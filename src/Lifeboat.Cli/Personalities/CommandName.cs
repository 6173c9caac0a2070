using System.Text;

namespace Lifeboat.Cli.Personalities;

/// <summary>What this process was called when it was started.</summary>
internal static class CommandName
{
    /// <summary>The first word of the command line, with its folder where it had one; null when /proc is not there.</summary>
    /// <remarks>The runtime gives the program's own path where the program is not compiled ahead of time.</remarks>
    public static string? OfProcess()
    {
        try
        {
            byte[] commandLine = File.ReadAllBytes("/proc/self/cmdline");
            int end = Array.IndexOf(commandLine, (byte)0);
            return Encoding.UTF8.GetString(commandLine, 0, end < 0 ? commandLine.Length : end);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
