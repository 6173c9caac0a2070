using System.Diagnostics;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Drill.Tools;

/// <summary>Runs the host's programs that a drill needs (qemu, mkfs.ext4, debugfs, apt-get).</summary>
internal static class Tool
{
    private static readonly string[] SystemFolders = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    /// <summary>The full path of a program, searched in <paramref name="searchPath"/> and the system's own folders.</summary>
    /// <returns>The path, or null when there is no such program.</returns>
    public static string? Find(string name, string? searchPath)
    {
        IEnumerable<string> folders = (searchPath ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        return (searchPath is null ? SystemFolders : folders)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
    }

    /// <summary>The full path of a program.</summary>
    /// <exception cref="DiagnosticException">It is not there; the diagnostic names the Debian package that has it.</exception>
    public static string Require(string name, string debianPackage, string? searchPath) =>
        Find(name, searchPath) ?? throw new DiagnosticException(
            new Diagnostic(DrillDiagnostics.ToolMissing, $"this machine has no {name}, which a drill needs")
            {
                Where = searchPath is null ? "the system's program folders" : $"PATH={searchPath}",
                Remedy = $"Install it: apt-get install {debianPackage}",
            });

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; the program was killed.</exception>
    public static ToolResult Run(
        string program, IEnumerable<string> arguments, CancellationToken cancellation, string? workingFolder = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = workingFolder ?? "",
        };
        start.Environment["LC_ALL"] = "C";
        using Process process = Process.Start(start)!;
        using CancellationTokenRegistration killer = cancellation.Register(process.Kill);
        process.StandardInput.Close();
        Task<string> error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        cancellation.ThrowIfCancellationRequested();
        return new ToolResult(process.ExitCode, output, error.GetAwaiter().GetResult());
    }

    /// <summary>Runs a program that has to succeed.</summary>
    /// <exception cref="DiagnosticException">It ended with an error; the diagnostic carries what it said.</exception>
    public static ToolResult RunOrFail(
        string program, IReadOnlyList<string> arguments, CancellationToken cancellation, string? workingFolder = null)
    {
        ToolResult result = Run(program, arguments, cancellation, workingFolder);
        return result.ExitCode == 0 ? result : throw new DiagnosticException(
            new Diagnostic(DrillDiagnostics.ToolFailed, $"{Path.GetFileName(program)} ended with exit code {result.ExitCode}")
            {
                Where = $"{program} {string.Join(' ', arguments)}",
                Found = (result.Error + result.Output).Trim(),
            });
    }
}
