using Lifeboat.Capture.Manifest;
using Lifeboat.Capture.Stores;
using Lifeboat.Core.Hashing;

namespace Lifeboat.Capture.Tests;

public sealed class ReportTierTests
{
    private static readonly string[] Files = ["report.json", "report.txt", "report.html"];

    private readonly List<string> _lines = [];

    [Fact]
    public void The_report_is_durable_and_in_the_manifest_before_the_dump_begins()
    {
        using var folder = new TemporaryFolder();
        CaptureManifest? provisional = null;
        CaptureResult result = Run(folder.Path, FakeDump.Steps with
        {
            WriteDump = (source, path, options, progress, token) =>
            {
                provisional = CaptureManifest.Load(Path.Combine(Path.GetDirectoryName(path)!, "manifest.json"));
                return FakeDump.Steps.WriteDump(source, path, options, progress, token);
            },
        });
        Assert.True(result.IsComplete);
        TierStatus[] saved = [TierStatus.Saved, TierStatus.Saved, TierStatus.Saved, TierStatus.Saved, TierStatus.NotStarted];
        Assert.Equal(saved, provisional!.Tiers.Select(tier => tier.Status));
        Assert.Equal(["dmesg.txt", .. Files, "vmcore.kdump"], result.Manifest.Tiers.Select(tier => tier.File));
        Assert.All(result.Manifest.Tiers, tier => Assert.Equal(
            Convert.ToHexStringLower(Sha256.HashData(File.ReadAllBytes(Path.Combine(result.Location!, tier.File)))), tier.Sha256));
        Assert.Null(ManifestCheck.FirstMismatch(result.Location!, result.Manifest));
        Assert.Contains(_lines, line => line.EndsWith("report durable: report.json and 2 more, 33 bytes", StringComparison.Ordinal));
    }

    [Fact]
    public void A_report_that_fails_costs_nothing_but_itself()
    {
        using var folder = new TemporaryFolder();
        CaptureResult result = Run(folder.Path, FakeDump.Steps with { MakeReport = (_, _, _, _) => "it ended with exit code 134: abort" });
        Assert.True(result.IsComplete);
        Assert.Equal(TierStatus.Saved, result.Manifest.Tiers[^1].Status);
        foreach (ManifestTier tier in result.Manifest.Tiers.Skip(1).Take(Files.Length))
        {
            Assert.Equal((TierStatus.Failed, "it ended with exit code 134: abort"), (tier.Status, tier.Error));
        }

        Assert.Contains(_lines, line => line.Contains("note: the report is not saved whole: it ended", StringComparison.Ordinal));
    }

    [Fact]
    public void When_the_whole_report_fails_there_is_one_of_the_log()
    {
        using var folder = new TemporaryFolder();
        CaptureResult result = Run(folder.Path, FakeDump.Steps with
        {
            MakeReport = (_, _, target, _) =>
            {
                File.WriteAllText(Path.Combine(target, "report.txt"), "half of a rep");
                return "it ended with exit code 137";
            },
            MakeLogReport = FakeDump.Steps.MakeReport,
        });
        Assert.All(result.Manifest.Tiers, tier => Assert.Equal(TierStatus.Saved, tier.Status));
        Assert.Equal("a report ok", File.ReadAllText(Path.Combine(result.Location!, "report.txt")));
        Assert.Contains(_lines, line => line.EndsWith("one of the log alone is made: it ended with exit code 137", StringComparison.Ordinal));
    }

    [Fact]
    public void A_part_of_a_report_is_kept()
    {
        using var folder = new TemporaryFolder();
        CaptureResult result = Run(folder.Path, FakeDump.Steps with
        {
            MakeReport = (_, _, target, _) =>
            {
                File.WriteAllText(Path.Combine(target, Files[0]), "{}");
                throw new IOException("the disk is full");
            },
        });
        Assert.Equal(
            [TierStatus.Partial, TierStatus.Failed, TierStatus.Failed], result.Manifest.Tiers.Skip(1).Take(3).Select(tier => tier.Status));
        Assert.Equal(["the disk is full", "the disk is full"], result.Manifest.Tiers.Skip(1).Take(2).Select(tier => tier.Error));
    }

    [Theory]
    [InlineData("/bin/false", "exit code 1")]
    [InlineData("/nonexistent/program", "/nonexistent/program")]
    public void A_program_that_cannot_make_it_is_told(string program, string expected)
    {
        using var folder = new TemporaryFolder();
        CaptureResult result = Run(folder.Path, FakeDump.Steps with { MakeReport = ReportProcess.Run }, program);
        Assert.True(result.IsComplete);
        Assert.Contains(expected, result.Manifest.Tiers[1].Error, StringComparison.Ordinal);
    }

    private CaptureResult Run(string target, CaptureSteps steps, string program = "lifeboat") =>
        new CaptureRun(
            new CaptureRequest { ToolVersion = "0.1.0", ReportProgram = program },
            new FolderStore(target),
            new CaptureReporter(_lines.Add, TimeProvider.System),
            TimeProvider.System,
            steps).Execute(CancellationToken.None);
}
