using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Lifeboat.Machine.Tests;

/// <summary>The rules of kexec_load against the kernel's own: random calls around every boundary, in a guest.</summary>
public sealed partial class KexecRulesTests
{
    private const int Calls = 20_000;
    private const string Seed = "20261122";

    [Theory]
    [InlineData("6.1", "crashkernel=32M", Calls)]
    [InlineData("6.12", "crashkernel=32M", Calls)]
    [InlineData("6.12", "", Calls / 4)]
    [InlineData("5.10", "crashkernel=32M", Calls)]
    [InlineData("7.2", "crashkernel=32M", Calls)]
    public void The_kernel_answers_as_the_rules_say(string series, string append, int calls)
    {
        if (calls == Calls && series != "6.1")
        {
            TestMachine.RequireNightly();
        }

        ProgramResult result = Assert.Single(LiveGuest.Run(
            TestMachine.Kernel(series), new LiveGuestSetup { Append = append }, $"drill-kexec-trials {calls} {Seed}"));
        TestContext.Current.TestOutputHelper?.WriteLine(result.Output);
        Assert.True(result.ExitCode == 0, result.Output);
        Assert.Contains($"trials: {calls} calls, seed {Seed}, 0 differ", result.Output, StringComparison.Ordinal);

        // Trials that all meet the same refusal would prove little.
        if (append.Length > 0)
        {
            Dictionary<string, int> rules = Counts(result.Output, "broken rule");
            string[] expected =
            [
                "architecture", "below-limit", "content-fits", "content-readable", "control-pages", "entry-in-reservation",
                "flags-known", "in-reservation", "no-overlap", "no-wrap", "none", "none, unloads", "page-aligned",
                "segment-below-half", "segment-count", "segments-readable", "sum-below-half",
            ];
            Assert.All(expected, rule => Assert.True(rules.GetValueOrDefault(rule) >= 50, $"{rule}: {rules.GetValueOrDefault(rule)}"));
        }
    }

    [Fact]
    public void A_machine_is_saved_with_all_that_a_plan_reads()
    {
        TestKernel kernel = TestMachine.Kernel("6.12");
        ProgramResult result = Assert.Single(
            LiveGuest.Run(kernel, new LiveGuestSetup { Append = "crashkernel=32M" }, "describe --output /run/here --json"));
        Assert.True(result.ExitCode == 0, result.Output);
        using var document = JsonDocument.Parse(result.Output);
        string[] files = [.. document.RootElement.GetProperty("files").EnumerateArray().Select(file => file.GetString()!)];
        Assert.All(
            ["proc/iomem", "proc/kcore", "proc/cmdline", "proc/meminfo", "proc/sys/kernel/kexec_load_disabled",
                "sys/kernel/vmcoreinfo", "sys/kernel/boot_params/data", "sys/devices/system/cpu/cpu1/crash_notes",
                "sys/firmware/memmap/0/start", $"boot/config-{kernel.Release}"],
            file => Assert.Contains(file, files));
    }

    private static Dictionary<string, int> Counts(string output, string what)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (Match match in CountLine().Matches(output))
        {
            if (match.Groups["what"].Value == what)
            {
                counts.Add(match.Groups["name"].Value, int.Parse(match.Groups["count"].Value, CultureInfo.InvariantCulture));
            }
        }

        return counts;
    }

    [GeneratedRegex("^(?<what>[a-z ]+): (?<name>[^:]+): (?<count>[0-9]+)$", RegexOptions.Multiline)]
    private static partial Regex CountLine();
}
