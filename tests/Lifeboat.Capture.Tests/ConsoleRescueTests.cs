using System.Text;
using Lifeboat.Capture.ConsoleBlocks;
using Lifeboat.Capture.Manifest;
using Lifeboat.Capture.Tests.ConsoleBlocks;
using Lifeboat.Core.Compression;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Sealing;
using Lifeboat.Kernel;

namespace Lifeboat.Capture.Tests;

public sealed class ConsoleRescueTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _lines = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_log_is_out_before_the_report_is_begun()
    {
        ConsoleBlock? before = null;
        ConsoleBlock block = Send(FakeDump.Steps with
        {
            MakeReport = (program, vmcore, folder, time) =>
            {
                before = Assert.Single(TestBlock.Read(_lines).Blocks);
                return FakeDump.Steps.MakeReport(program, vmcore, folder, time);
            },
        });
        Assert.True(Assert.Single(before!.Files).IsIntact);
        Assert.Equal("dmesg.txt", before.Files[0].Name);
        Assert.False(block.IsDamaged);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1769869353), block.Header.CrashTime);
        ConsoleBlockFile file = block.Files.Single(file => file.Name == "manifest.json");
        CaptureManifest manifest = CaptureManifest.Parse(file.Content.Span, file.Name);
        Assert.Equal((false, "no disk", "web1"), (manifest.Complete, manifest.Reason, manifest.Host));
    }

    [Fact]
    public void A_long_log_gives_its_end_and_leaves_room_for_the_report()
    {
        LogRecord[] records =
        [
            .. Enumerable.Range(0, 50_000).Select(number =>
                new LogRecord((ulong)number, (ulong)number * 1_000_000, 6, 0, 0, $"line {number} of {number * 7919 % 10007}")),
        ];
        string report = Encoding.ASCII.GetString(TestBlock.Log(20_000));
        ConsoleBlock block = Send(FakeDump.Steps with
        {
            ReadLog = _ => (records, []),
            MakeReport = (_, _, folder, _) =>
            {
                File.WriteAllText(Path.Combine(folder, "report.txt"), report);
                File.WriteAllBytes(Path.Combine(folder, "report.json"), TestBlock.Log(200_000));
                return null;
            },
        });
        Assert.True(_lines.Sum(line => line.Length + 2) < ConsoleBlockWriter.DefaultBudget + 500);
        Assert.False(block.IsDamaged);
        Assert.EndsWith("line 49999 of 5119\n", Encoding.ASCII.GetString(block.Files[0].Content.Span), StringComparison.Ordinal);
        Assert.True(block.Files[0].SentBytes > 20_000);
        Assert.Equal(["dmesg.txt", "report.txt", "manifest.json"], block.Files.Select(file => file.Name));
        Assert.Equal(report, Encoding.ASCII.GetString(block.Files[1].Content.Span));
        Assert.Contains("report.json: 200000 of 200000 bytes", block.LeftOut);
    }

    [Fact]
    public void A_part_that_cannot_be_had_is_told_and_the_others_go_out()
    {
        ConsoleBlock block = Send(FakeDump.Steps with
        {
            ReadIdentity = _ => throw new InvalidOperationException("no init_uts_ns"),
            ReadLog = _ => throw new InvalidOperationException("a damaged ring"),
            MakeReport = (_, _, folder, _) =>
            {
                File.WriteAllText(Path.Combine(folder, "report.txt"), "half of a report");
                return "it ended with exit code 134: abort";
            },
        });
        Assert.Equal(["report.txt", "manifest.json"], block.Files.Select(file => file.Name));
        CaptureManifest manifest = CaptureManifest.Parse(block.Files[1].Content.Span, "m");
        Assert.Equal(4, manifest.Notices.Count);
        Assert.Contains("exit code 134", manifest.Notices[2], StringComparison.Ordinal);
        Assert.Contains(_lines, line => line.Contains("note: the log cannot be read: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Memory_that_cannot_be_opened_is_the_caller_s_to_tell() =>
        Assert.Throws<KernelInterfaceException>(() => Send(FakeDump.Steps with
        {
            Open = path => throw new KernelInterfaceException("open", path, Errno.ENOENT),
        }));

    [Fact]
    public void Without_time_there_is_no_report() =>
        Assert.Equal("no time was left for it", ReportProcess.Run("/bin/true", "vmcore", _folder.Path, TimeSpan.Zero));

    [Fact]
    public void With_keys_to_seal_to_nothing_of_the_machine_goes_out_open()
    {
        using AgeIdentity key = AgeIdentity.Generate();
        ConsoleBlock block = Send(FakeDump.Steps, [key.Recipient]);
        Assert.Equal((null, null, "sealed"), (block.Header.Host, block.Header.KernelRelease, block.Header.Reason));
        Assert.Equal(
            ["dmesg.txt.gz.age", "report.txt.gz.age", "manifest.json.gz.age", "report.json.gz.age"],
            block.Files.Select(file => file.Name));
        using var packed = new MemoryStream();
        new OpeningStream(new MemoryStream(block.Files[0].Content.ToArray()), [key], "sealed").CopyTo(packed);
        Assert.Equal(
            "[    1.500000] first\n[    2.000000] Kernel panic\n",
            Encoding.UTF8.GetString(GzipArchive.Decompress(packed.ToArray(), 1 << 20)!));
    }

    private ConsoleBlock Send(CaptureSteps steps, IReadOnlyList<AgeRecipient>? sealTo = null)
    {
        new ConsoleRescue(steps, new CaptureReporter(_lines.Add, TimeProvider.System), TimeProvider.System, _lines.Add)
            .Send(new ConsoleRescueRequest
            {
                Capture = new CaptureRequest
                {
                    ToolVersion = "0.1.0",
                    ReportProgram = "lifeboat",
                    WorkFolder = _folder.Combine("work"),
                },
                Reason = "no disk",
                SealTo = sealTo,
            });
        return Assert.Single(TestBlock.Read(_lines).Blocks);
    }
}
