using System.Diagnostics;

namespace Lifeboat.Capture.Tests;

/// <summary>Runs a tool whose answer is compared with ours.</summary>
internal static class Oracle
{
    /// <summary>The folders of unpacked kernel packages; none when the variable is not set.</summary>
    public static IReadOnlyList<string> KernelPackages { get; } = FindKernelPackages();

    public static string? Find(string tool) =>
        new[] { "/usr/bin", "/usr/sbin", "/bin", "/sbin" }.Select(folder => Path.Combine(folder, tool)).FirstOrDefault(File.Exists);

    public static string Require(string tool)
    {
        string? path = Find(tool);
        Assert.SkipUnless(path is not null, $"the oracle {tool} is not installed");
        return path!;
    }

    public static string Run(string tool, byte[] input, params string[] arguments)
    {
        var start = new ProcessStartInfo(Require(tool), arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        try
        {
            process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The tool has read all that it wanted.
        }

        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{tool}: {errors.Result}");
        return output.Result;
    }

    /// <summary>The modules folder of each unpacked kernel; the test is skipped when there are none.</summary>
    public static IReadOnlyList<string> RequireKernels()
    {
        Assert.SkipUnless(KernelPackages.Count > 0, "LIFEBOAT_TEST_KERNELS names no folder of unpacked kernel packages");
        return KernelPackages;
    }

    private static string[] FindKernelPackages()
    {
        string? folder = Environment.GetEnvironmentVariable("LIFEBOAT_TEST_KERNELS");
        return folder is not null && Directory.Exists(folder)
            ? [.. Directory.GetDirectories(folder).Where(package => Directory.Exists(Path.Combine(package, "lib/modules"))).Order(StringComparer.Ordinal)]
            : [];
    }
}
