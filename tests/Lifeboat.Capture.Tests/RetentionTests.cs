using Lifeboat.Capture.Settings;

namespace Lifeboat.Capture.Tests;

public sealed class RetentionTests : IDisposable
{
    private const string Current = "20260131T142233Z-web1.partial";
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 14, 25, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_oldest_go_first_and_the_new_one_is_counted()
    {
        Make("20260101T000000Z-web1", "20260102T000000Z-web1.incomplete", "20260103T000000Z-web1-2", "20260104T000000Z-web1.partial");
        Assert.Equal(
            ["20260101T000000Z-web1", "20260102T000000Z-web1.incomplete"], Apply(new CaptureBudget { KeepDumps = 3 }));
        Assert.Equal(["20260103T000000Z-web1-2", "20260104T000000Z-web1.partial", Current], Left());
    }

    [Fact]
    public void With_room_for_one_only_the_new_one_stays()
    {
        Make("20260101T000000Z-web1");
        Apply(new CaptureBudget { KeepDumps = 1 });
        Assert.Equal([Current], Left());
    }

    [Fact]
    public void What_is_older_than_its_days_goes()
    {
        Make("20260101T000000Z-web1", "20260130T000000Z-web1");
        Assert.Equal(["20260101T000000Z-web1"], Apply(new CaptureBudget { KeepDays = 7 }));
    }

    [Fact]
    public void Nothing_else_in_the_folder_is_touched()
    {
        string[] others =
        [
            "20260101T000000Z-web10", "20260101T000000Z-db1", "20260101T000000Z-web1.old", "20260101T000000Z-web1-x", "backup", "20260101-web1",
            "20261301T000000Z-web1",
        ];
        Make(others);
        Make("kept");
        File.CreateSymbolicLink(_folder.Combine("20260102T000000Z-web1"), _folder.Combine("kept"));
        Assert.Empty(Apply(new CaptureBudget { KeepDumps = 1, KeepDays = 1 }));
        Assert.True(File.Exists(_folder.Combine("kept", "vmcore.kdump")));
        Assert.Equal(others.Length + 3, Left().Count);
    }

    [Fact]
    public void Without_a_budget_everything_stays()
    {
        Make("20010101T000000Z-web1");
        Assert.Empty(Apply(new CaptureBudget()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_capture_removes_older_crashes_only_once_log_and_report_are_safe(bool isSafe)
    {
        Make("20260101T000000Z-web1");
        string? duringDump = null;
        var request = new CaptureRequest { ToolVersion = "1", ReportProgram = "lifeboat", Budget = new CaptureBudget { KeepDumps = 1 } };
        new CaptureRun(
            request,
            new Capture.Stores.FolderStore(_folder.Path),
            new CaptureReporter(_ => { }, TimeProvider.System),
            TimeProvider.System,
            FakeDump.Steps with
            {
                MakeReport = (program, vmcore, folder, time) =>
                {
                    Assert.True(Directory.Exists(_folder.Combine("20260101T000000Z-web1")));
                    return isSafe ? FakeDump.Steps.MakeReport(program, vmcore, folder, time) : "it ended with exit code 1";
                },
                WriteDump = (source, path, options, progress, token) =>
                {
                    duringDump = string.Join(' ', Left());
                    return FakeDump.Steps.WriteDump(source, path, options, progress, token);
                },
            }).Execute(CancellationToken.None);
        Assert.Equal(isSafe ? Current : $"20260101T000000Z-web1 {Current}", duringDump);
    }

    private void Make(params string[] names)
    {
        foreach (string name in names)
        {
            Directory.CreateDirectory(_folder.Combine(name));
            File.WriteAllText(_folder.Combine(name, "vmcore.kdump"), "a dump");
        }
    }

    private List<string> Apply(CaptureBudget budget)
    {
        Make(Current);
        return Retention.Apply(_folder.Path, _folder.Combine(Current), "web1", budget, Now);
    }

    private List<string> Left() => [.. Directory.GetFileSystemEntries(_folder.Path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
}
