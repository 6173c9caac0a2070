using System.Collections.Concurrent;
using System.Text;
using Lifeboat.Capture.ConsoleBlocks;
using Lifeboat.Capture.Init;
using Lifeboat.Capture.Manifest;
using Lifeboat.Capture.Settings;
using Lifeboat.Capture.Stores;
using Lifeboat.Capture.Tests.ConsoleBlocks;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;

namespace Lifeboat.Capture.Tests;

public sealed class CaptureInitTests : IDisposable
{
    private const string Settings = "ext4 /dev/vda\nfinal_action poweroff\nfailure_action halt\n";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly ConcurrentQueue<string> _lines = new();
    private readonly FakePower _power = new();

    public void Dispose() => _power.Dispose();

    [Fact]
    public void Passes_every_milestone_and_ends_with_the_final_action()
    {
        using var folder = new TemporaryFolder();
        Assert.True(Execute(Steps(folder)));
        Assert.Equal(PowerAction.PowerOff, _power.Action);
        Assert.Equal(
            Enum.GetValues<CaptureMilestone>().Where(milestone => milestone != CaptureMilestone.Failed), Milestones());
        Assert.Single(Directory.GetDirectories(folder.Combine("var", "crash")));
        Assert.Contains(_lines, line => line.EndsWith("modules loaded: 1 of 2", StringComparison.Ordinal));
        Assert.Contains(_lines, line => line.Contains("note: module crc32c_intel is not loaded", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("mount")]
    [InlineData("settings")]
    [InlineData("no target")]
    [InlineData("modules")]
    [InlineData("target")]
    [InlineData("save")]
    [InlineData("incomplete")]
    public void Whatever_fails_the_failure_action_is_taken(string what)
    {
        using var folder = new TemporaryFolder();
        CaptureInitSteps steps = Steps(folder);
        var refusal = new KernelInterfaceException(what, null, Errno.EIO);
        steps = what switch
        {
            "mount" => steps with { PrepareMachine = () => throw refusal },
            "settings" => steps with { ReadSettings = () => CaptureSettings.Parse("nonsense", "lifeboat.conf") },
            "no target" => steps with { ReadSettings = () => CaptureSettings.Parse("failure_action halt", "lifeboat.conf") },
            "modules" => steps with { LoadModules = () => throw new InvalidOperationException("modules") },
            "target" => steps with { OpenStore = (_, _, _, _) => throw refusal },
            "save" => steps with { Save = (_, _, _, _) => throw new NotSupportedException() },
            _ => steps with
            {
                Save = (_, _, _, _) => new CaptureResult(null, new CaptureManifest { ToolVersion = "1", Tiers = [], Reason = "because" }),
            },
        };
        Assert.False(Execute(steps));
        PowerAction expected = what is "mount" or "settings" ? PowerAction.Reboot : PowerAction.Halt;
        Assert.Equal(expected, _power.Action);
        Assert.Equal([CaptureMilestone.Failed, CaptureMilestone.FinalAction], Milestones().TakeLast(2));
        Assert.True(_power.Forced.IsSet);

        // Nothing was saved anywhere: what there is goes to the console.
        ConsoleBlock block = Assert.Single(TestBlock.Read(_lines).Blocks);
        Assert.Empty(block.Lost);
        Assert.Equal(("web1", "6.1.0-test"), (block.Header.Host, block.Header.KernelRelease));
        Assert.Contains(
            what switch { "settings" => "A setting is not understood", "no target" => "no target", "incomplete" => "because", "save" => "NotSupported", _ => what },
            block.Header.Reason,
            StringComparison.Ordinal);
        Assert.Equal(
            ["dmesg.txt", "report.txt", "manifest.json", "report.json"], block.Files.Select(file => file.Name));
        Assert.Equal(
            "[    1.500000] first\n[    2.000000] Kernel panic\n", Encoding.UTF8.GetString(block.Files[0].Content.Span));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(20_000, false)]
    public void What_a_full_disk_does_not_take_goes_to_the_console_and_nothing_else_does(int room, bool expected)
    {
        using var folder = new TemporaryFolder();
        int left = room;
        CaptureSteps full = FakeDump.Steps with
        {
            MakeReport = (_, _, _, _) => "it ended with exit code 1: No space left on device",
            WriteDump = (_, path, _, _, _) => throw new KernelInterfaceException("write", path, Errno.ENOSPC),
        };
        Assert.False(Execute(Steps(folder) with
        {
            OpenStore = (_, _, _, _) => new FolderStore(folder.Path, path => new LimitedStream(path, count => (left -= count) >= 0)),
            Save = (request, store, reporter, token) => new CaptureRun(request, store, reporter, TimeProvider.System, full).Execute(token),
        }));
        IReadOnlyList<ConsoleBlock> blocks = TestBlock.Read(_lines).Blocks;
        Assert.Equal(expected ? 1 : 0, blocks.Count);
        if (expected)
        {
            ConsoleBlockFile manifest = blocks[0].Files.Single(file => file.Name == "manifest.json");
            Assert.Equal(TierStatus.Failed, CaptureManifest.Parse(manifest.Content.Span, manifest.Name).Tiers[0].Status);
        }
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("threads all", null)]
    [InlineData("threads 3", 3)]
    public void All_CPUs_pack_the_dump_unless_the_settings_say_how_many(string line, int? expected)
    {
        using var folder = new TemporaryFolder();
        int threads = 0;
        CaptureInitSteps steps = Steps(folder);
        Assert.True(Execute(steps with
        {
            ReadSettings = () => CaptureSettings.Parse($"{Settings}\n{line}\n", "lifeboat.conf"),
            Save = (request, store, reporter, token) =>
            {
                threads = request.Threads;
                return steps.Save(request, store, reporter, token);
            },
        }));
        Assert.Equal(expected ?? Math.Min(Environment.ProcessorCount, 64), threads);
    }

    [Fact]
    public void A_console_that_fails_does_not_keep_the_machine_from_its_end()
    {
        using var folder = new TemporaryFolder();
        Assert.False(Execute(Steps(folder) with
        {
            OpenStore = (_, _, _, _) => throw new KernelInterfaceException("mount", null, Errno.EIO),
            SendToConsole = (_, _) => throw new InvalidOperationException("no memory to send"),
        }));
        Assert.Equal(PowerAction.Halt, _power.Action);
        Assert.Contains(_lines, line => line.Contains("nothing more can be sent to the console", StringComparison.Ordinal));
    }

    [Fact]
    public void A_dump_that_fails_after_its_log_was_saved_is_not_sent()
    {
        using var folder = new TemporaryFolder();
        Assert.False(Execute(Steps(folder) with
        {
            Save = (request, store, reporter, token) => new CaptureRun(request, store, reporter, TimeProvider.System, FakeDump.Steps with
            {
                WriteDump = (_, path, _, _, _) => throw new KernelInterfaceException("write", path, Errno.ENOSPC),
            }).Execute(token),
            SendToConsole = (_, _) => Assert.Fail("the log is on the target"),
        }));
        Assert.DoesNotContain(_lines, line => line.Contains("nothing more", StringComparison.Ordinal));
    }

    /// <summary>A bug of ours: what came before it stands, what comes after it is tried, and the machine's run ends as it was told to.</summary>
    [Theory]
    [InlineData("identity", "")]
    [InlineData("log", "dmesg.txt")]
    [InlineData("report", "report.json report.txt report.html")]
    [InlineData("dump", "vmcore.flat")]
    [InlineData("dmesg.txt", "dmesg.txt")]
    [InlineData("report.json", "report.json")]
    [InlineData("vmcore.flat", "vmcore.flat")]
    [InlineData("manifest.json", "manifest.json")]
    public void A_bug_in_a_tier_costs_no_other_and_not_the_final_action(string place, string lost)
    {
        using var folder = new TemporaryFolder();
        var bug = new InvalidCastException("a bug");
        CaptureSteps steps = FakeDump.Steps with { WriteStream = FakeDump.Stream };
        steps = place switch
        {
            "identity" => steps with { ReadIdentity = _ => throw bug },
            "log" => steps with { ReadLog = _ => throw bug },
            "report" => steps with { MakeReport = (_, _, _, _) => throw bug },
            "dump" => steps with { WriteStream = (_, _, _, _, _) => throw bug },
            _ => steps,
        };
        using var store = new MemoryStore { BreaksIn = place, Break = bug };
        bool isComplete = Execute(Steps(folder) with
        {
            OpenStore = (_, _, _, _) => store,
            Save = (request, to, reporter, token) => new CaptureRun(
                request with { WorkFolder = folder.Combine("work") }, to, reporter, TimeProvider.System, steps).Execute(token),
        });
        Assert.Equal(
            new[] { "dmesg.txt", "manifest.json", "report.html", "report.json", "report.txt", "vmcore.flat" }.Except(lost.Split(' ')),
            store.Files.Keys.Order(StringComparer.Ordinal));

        // A report can be made of the dump.
        Assert.Equal(place is "identity" or "report" or "report.json", isComplete);
        Assert.Equal(isComplete ? PowerAction.PowerOff : PowerAction.Halt, _power.Action);
        Assert.Contains(
            "a bug",
            string.Join('\n', _lines) + Encoding.UTF8.GetString(store.Files.GetValueOrDefault("manifest.json", [])),
            StringComparison.Ordinal);
    }

    [Fact]
    public void When_a_target_fails_the_next_is_tried()
    {
        using var folder = new TemporaryFolder();
        Assert.True(Execute(Steps(folder) with
        {
            ReadSettings = () => CaptureSettings.Parse("ext4 /dev/vdz\n" + Settings, "lifeboat.conf"),
            OpenStore = (target, _, _, _) => target.Value == "/dev/vdz"
                ? throw new KernelInterfaceException("mount", "/dev/vdz", Errno.EUCLEAN)
                : new FolderStore(folder.Path),
        }));
        Assert.Contains(_lines, line => line.Contains("note: ext4 /dev/vdz: mount", StringComparison.Ordinal)
            && line.EndsWith("the next target is tried", StringComparison.Ordinal));
        Assert.Equal(PowerAction.PowerOff, _power.Action);
        Assert.DoesNotContain(CaptureMilestone.Failed, Milestones());
        Assert.EndsWith("web1", Assert.Single(Directory.GetDirectories(folder.Path)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_target_that_took_the_log_only_leaves_the_dump_to_the_next()
    {
        using var folder = new TemporaryFolder();
        int attempt = 0;
        Assert.True(Execute(Steps(folder) with
        {
            ReadSettings = () => CaptureSettings.Parse("ext4 /dev/vdz\n" + Settings, "lifeboat.conf"),
            OpenStore = (target, _, _, _) => new FolderStore(folder.Combine(Path.GetFileName(target.Value))),
            Save = (request, store, reporter, token) => new CaptureRun(request, store, reporter, TimeProvider.System, attempt++ > 0
                ? FakeDump.Steps
                : FakeDump.Steps with { WriteDump = (_, path, _, _, _) => throw new KernelInterfaceException("write", path, Errno.ENOSPC) })
                .Execute(token),
        }));
        Assert.EndsWith("web1.incomplete", Assert.Single(Directory.GetDirectories(folder.Combine("vdz"))), StringComparison.Ordinal);
        Assert.EndsWith("web1", Assert.Single(Directory.GetDirectories(folder.Combine("vda"))), StringComparison.Ordinal);
    }

    [Fact]
    public void Hooks_run_before_the_dump_once_and_at_the_end()
    {
        using var folder = new TemporaryFolder();
        var ran = new List<string>();
        Assert.False(Execute(Steps(folder) with
        {
            ReadSettings = () => CaptureSettings.Parse("ext4 /dev/vdz\nkdump_pre /sbin/pre\nkdump_post /sbin/post\nhook_timeout 5\n" + Settings, "lifeboat.conf"),
            OpenStore = (target, _, _, _) => new FolderStore(folder.Combine(Path.GetFileName(target.Value))),
            RunProgram = (program, arguments, limit) =>
            {
                Assert.Equal(TimeSpan.FromSeconds(5), limit);
                Assert.Equal(program == "/sbin/pre" ? 1 : 2, Directory.GetDirectories(folder.Path).Length);
                ran.Add(string.Join(' ', [program, .. arguments]));
                return program == "/sbin/pre" ? "/sbin/pre ended with exit code 3" : null;
            },
        }));
        Assert.Equal(["/sbin/pre", "/sbin/post 1"], ran);
        foreach (string target in (string[])["vdz", "vda"])
        {
            string crash = Assert.Single(Directory.GetDirectories(folder.Combine(target)));
            Assert.False(File.Exists(Path.Combine(crash, "vmcore.kdump")));
            CaptureManifest manifest = CaptureManifest.Load(Path.Combine(crash, "manifest.json"));
            Assert.Equal("dump: kdump_pre: /sbin/pre ended with exit code 3", manifest.Reason);
            Assert.Equal(TierStatus.Saved, manifest.Tiers[0].Status);
        }
    }

    [Fact]
    public void A_shell_is_given_when_the_settings_want_one_and_the_machine_starts_again_after_it()
    {
        using var folder = new TemporaryFolder();
        var ran = new List<string>();
        Assert.False(Execute(Steps(folder) with
        {
            ReadSettings = () => CaptureSettings.Parse("ext4 /dev/vda\nfailure_action shell\nshell /bin/bash\n", "lifeboat.conf"),
            OpenStore = (target, _, _, _) => throw new KernelInterfaceException("mount", target.Value, Errno.EIO),
            RunProgram = (program, _, limit) =>
            {
                Assert.Null(_power.Action);
                Assert.Equal(Timeout.InfiniteTimeSpan, limit);
                ran.Add(program);
                return null;
            },
        }));
        Assert.Equal(["/bin/bash"], ran);
        Assert.Equal(PowerAction.Reboot, _power.Action);
        Assert.Contains(_lines, line => line.EndsWith("final action: shell", StringComparison.Ordinal));
    }

    [Fact]
    public void When_all_targets_fail_the_end_names_each()
    {
        using var folder = new TemporaryFolder();
        Assert.False(Execute(Steps(folder) with
        {
            ReadSettings = () => CaptureSettings.Parse("ext4 /dev/vdz\n" + Settings, "lifeboat.conf"),
            OpenStore = (target, _, _, _) => throw new KernelInterfaceException("mount", target.Value, Errno.EIO),
        }));
        Assert.Contains(_lines, line => line.Contains("failed: ext4 /dev/vdz: mount", StringComparison.Ordinal)
            && line.Contains("; ext4 /dev/vda: mount", StringComparison.Ordinal));
        Assert.Single(TestBlock.Read(_lines).Blocks);
    }

    [Fact]
    public void The_watchdog_ends_the_machine_s_run_while_everything_else_hangs()
    {
        var watchdog = new CaptureWatchdog(_power, TimeProvider.System, _lines.Enqueue);
        watchdog.Start(TimeSpan.FromHours(1), PowerAction.Reboot);
        watchdog.Change(TimeSpan.Zero, TimeSpan.FromHours(1), PowerAction.Halt);
        Assert.True(_power.Forced.Wait(Patience));
        Assert.Equal(PowerAction.Halt, _power.Action);
        Assert.Contains("the deadline has passed", _lines);
    }

    [Fact]
    public void The_watchdog_ends_what_does_not_go_forward()
    {
        var watchdog = new CaptureWatchdog(_power, TimeProvider.System, _lines.Enqueue);
        watchdog.Start(TimeSpan.FromHours(1), PowerAction.Reboot);
        watchdog.SignOfLife();
        watchdog.Change(TimeSpan.FromHours(1), TimeSpan.Zero, PowerAction.Halt);
        Assert.True(_power.Forced.Wait(Patience));
        Assert.Equal(PowerAction.Halt, _power.Action);
        Assert.Contains("nothing has gone forward for 0 s", _lines);
    }

    [Fact]
    public void The_watchdog_does_not_wait_for_a_console_that_hangs()
    {
        using var never = new ManualResetEventSlim();
        var watchdog = new CaptureWatchdog(_power, TimeProvider.System, _ => never.Wait());
        watchdog.Start(TimeSpan.Zero, PowerAction.PowerOff);
        Assert.True(_power.Finished.Wait(Patience));
        never.Set();
    }

    [Fact]
    public void A_watchdog_that_is_stopped_does_nothing()
    {
        var watchdog = new CaptureWatchdog(_power, TimeProvider.System, _lines.Enqueue);
        watchdog.Start(TimeSpan.FromHours(1), PowerAction.Reboot);
        watchdog.Stop();
        Assert.Null(_power.Action);
    }

    private static bool Execute(CaptureInitSteps steps) => new CaptureInit(steps, TimeProvider.System, "0.1.0").Execute();

    private CaptureInitSteps Steps(TemporaryFolder folder) => new()
    {
        WriteLine = _lines.Enqueue,
        Power = _power,
        ReadSettings = () => CaptureSettings.Parse(Settings, "lifeboat.conf"),
        LoadModules = () =>
        [
            new ModuleLoadResult("/lib/modules/ext4.ko", Errno.None),
            new ModuleLoadResult("/lib/modules/crc32c_intel.ko", Errno.ENODEV),
        ],
        OpenStore = (_, settings, _, _) => new FolderStore(folder.Path + settings.Path),
        ReportProgram = "lifeboat",
        Save = (request, store, reporter, token) =>
            new CaptureRun(request, store, reporter, TimeProvider.System, FakeDump.Steps).Execute(token),
        SendToConsole = (request, reporter) =>
            new ConsoleRescue(FakeDump.Steps, reporter, TimeProvider.System, _lines.Enqueue).Send(new ConsoleRescueRequest
            {
                Capture = request.Capture with { WorkFolder = folder.Combine("work") },
                Reason = request.Reason,
                Manifest = request.Manifest,
            }),
    };

    private IEnumerable<CaptureMilestone> Milestones() => _lines
        .Select(line => CaptureMilestones.TryParse(line, out CaptureMilestoneLine parsed) ? parsed.Milestone : (CaptureMilestone?)null)
        .OfType<CaptureMilestone>();
}
