using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Lifeboat.Capture.Init;
using Lifeboat.Capture.Settings;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Capture.Tests.Settings;

public sealed class CaptureSettingsTests
{
    // The key of the age project's own example.
    private const string AgeKey = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

    private const string Example = """
        # where to
        ext4 UUID=2F5B9C1E-0d3a-4c57-9d0e-3f1f4c6b8a11
        path   /var/crash/deep   # inline
        final_action poweroff
        failure_action	halt

        disk_timeout 12
        net_timeout 34
        dump_level 17
        compression lzo
        deadline 90
        threads 2
        hostname web1.example
        """;

    [Fact]
    public void Reads_every_directive()
    {
        CaptureSettings settings = CaptureSettings.Parse(Example, "lifeboat.conf");
        Assert.Equal("ext4", Target(settings).FileSystem);
        Assert.Equal(DeviceSelectorKind.Uuid, Target(settings).Device.Kind);
        Assert.Equal("2f5b9c1e-0d3a-4c57-9d0e-3f1f4c6b8a11", Target(settings).Device.Value);
        Assert.Equal("/var/crash/deep", settings.Path);
        Assert.Equal(PowerAction.PowerOff, settings.FinalAction);
        Assert.Equal(PowerAction.Halt, settings.FailureAction);
        Assert.Equal(TimeSpan.FromSeconds(12), settings.DiskTimeout);
        Assert.Equal(TimeSpan.FromSeconds(34), settings.NetTimeout);
        Assert.Equal(DumpLevel.Zero | DumpLevel.Free, settings.Level);
        Assert.Equal(TimeSpan.FromSeconds(90), settings.Deadline);
        Assert.Equal(DumpCompression.Lzo, settings.Compression);
        Assert.Equal(2, settings.Threads);
        Assert.Equal("web1.example", settings.HostName);
    }

    [Fact]
    public void An_empty_file_has_the_defaults_of_kdump_conf()
    {
        CaptureSettings settings = CaptureSettings.Parse("", "x");
        Assert.Equal("/var/crash", settings.Path);
        Assert.Null(settings.Threads);
        Assert.Equal(PowerAction.Reboot, settings.FinalAction);
        Assert.Equal(PowerAction.Reboot, settings.FailureAction);
        Assert.Equal(DumpLevel.All, settings.Level);
        Assert.Equal(DumpCompression.Zstd, settings.Compression);
        Assert.Empty(settings.Targets);
    }

    [Theory]
    [InlineData("LABEL=crash", DeviceSelectorKind.Label)]
    [InlineData("UUID=1A2B-3C4D", DeviceSelectorKind.Uuid)]
    [InlineData("LABEL=a-label-of-btrfs-that-is-longer-than-ext4-has", DeviceSelectorKind.Label)]
    [InlineData("/dev/vda1", DeviceSelectorKind.Path)]
    public void Takes_labels_and_paths(string device, DeviceSelectorKind kind)
    {
        FileSystemTarget target = Target(CaptureSettings.Parse($"ext4 {device}", "x"));
        Assert.Equal(kind, target.Device.Kind);
        Assert.Equal(device, target.Device.ToString());
    }

    [Theory]
    [InlineData("dump_level 32", "0 to 31")]
    [InlineData("dump_level", "0 to 31")]
    [InlineData("final_action shell", "reboot, halt, poweroff")]
    [InlineData("final_action Reboot", "reboot, halt, poweroff")]
    [InlineData("path relative", "an absolute path")]
    [InlineData("path /a/../b", "an absolute path")]
    [InlineData("deadline 5", "10 to 86400")]
    [InlineData("deadline -60", "10 to 86400")]
    [InlineData("compression lz4", "zstd, zlib, lzo, snappy, none")]
    [InlineData("threads 0", "1 to 64")]
    [InlineData("hostname a/b", "letters")]
    [InlineData("ext4 UUID=nonsense", "UUID=...")]
    [InlineData("ext4 vda1", "UUID=...")]
    [InlineData("ext4 UUID=1A2B-3C4", "UUID=...")]
    [InlineData("ext4 UUID=1A2B3C4D5", "UUID=...")]
    [InlineData("ext4 UUID=1A2B-3C4X", "UUID=...")]
    [InlineData("path /a\tb", "an absolute path")]
    [InlineData("nonsense", "one of ext4, ext3, ext2, xfs, btrfs, vfat, ")]
    [InlineData("nonsense", "lifeboat config --help says what each means")]
    [InlineData("threads many", "Without the line it is all")]
    [InlineData("hostname -x", "Without the line it is the crashed machine's own")]
    public void Says_the_line_and_what_is_accepted(string line, string expected)
    {
        DiagnosticException error = Assert.Throws<DiagnosticException>(
            () => CaptureSettings.Parse("# first\n\n" + line, "lifeboat.conf"));
        Diagnostic diagnostic = Assert.Single(error.Diagnostics);
        Assert.Equal(CaptureDiagnostics.BadSetting, diagnostic.Id);
        Assert.Equal("lifeboat.conf:3", diagnostic.Where);
        Assert.Contains(expected, diagnostic.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("virtiofs share", "lifeboat config --help has the kinds; remove the line")]
    [InlineData("fence_kdump_nodes a b", "kdump_pre can run fence_kdump_send")]
    public void A_directive_of_kdump_conf_that_is_not_carried_out_is_told_as_that(string line, string remedy)
    {
        DiagnosticException error = Assert.Throws<DiagnosticException>(() => CaptureSettings.Parse(line, "f"));
        Diagnostic diagnostic = Assert.Single(error.Diagnostics);
        Assert.Equal((CaptureDiagnostics.SettingNotCarriedOut, "f:1"), (diagnostic.Id, diagnostic.Where));
        Assert.StartsWith(line.Split(' ')[0] + ", ", diagnostic.Found, StringComparison.Ordinal);
        Assert.Contains(remedy, diagnostic.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directive_of_kdump_conf_without_which_nothing_is_lost_is_no_error()
    {
        var file = SettingsFile.Read("auto_reset_crashkernel yes\nblacklist nouveau\npath /a", "f");
        Assert.Empty(file.Errors);
        Assert.Equal([(1, false), (2, false)], file.Findings.Select(static finding => (finding.Line, finding.IsError)));
        Assert.Equal("/a", file.Settings.Path);
    }

    [Theory]
    [InlineData("core_collector makedumpfile -l --message-level 7 -d 31", "dump_level 31\ncompression lzo")]
    [InlineData("core_collector /usr/sbin/makedumpfile -F -zd17 --num-threads=3", "dump_level 17\ncompression zstd\nthreads 3")]
    [InlineData("core_collector makedumpfile -c -d 1,31", "dump_level 1\ncompression zlib")]
    [InlineData("core_collector makedumpfile", "dump_level 0\ncompression none")]
    [InlineData("default halt", "failure_action halt")]
    [InlineData("link_delay 12", "net_timeout 12")]
    [InlineData("net kdump@host", "ssh kdump@host")]
    [InlineData("net host:/export", "nfs host:/export")]
    public void Some_directives_of_kdump_conf_stand_for_others(string line, string lines)
    {
        var file = SettingsFile.Read(line, "f");
        Assert.Empty(file.Findings);
        Assert.Equal(CaptureSettings.Parse(lines, "f"), file.Settings);
        Assert.All(file.Lines, static said => Assert.Equal(1, said.Number));
    }

    [Theory]
    [InlineData("core_collector cp --sparse=always", "core_collector cp --sparse=always")]
    [InlineData("core_collector makedumpfile -E -d 31", "core_collector makedumpfile -E -d 31")]
    [InlineData("core_collector makedumpfile --eppic x", "core_collector makedumpfile --eppic x")]
    [InlineData("core_collector", "core_collector without a value")]
    [InlineData("core_collector makedumpfile -l -d 32", "dump_level 32")]
    [InlineData("default dump_to_rootfs", "failure_action dump_to_rootfs")]
    [InlineData("compression zlib\ncore_collector makedumpfile -l -d 31", "compression again, after line 1")]
    public void What_they_do_not_stand_for_is_told(string lines, string found) =>
        Assert.Equal(found, Assert.Single(SettingsFile.Read(lines, "f").Errors).Diagnostic.Found);

    [Theory]
    [InlineData("options card")]
    [InlineData("options a/b c=1")]
    [InlineData("options")]
    public void Parameters_are_of_a_module(string line) =>
        Assert.Equal("a module's name and parameters", Assert.Single(SettingsFile.Read(line, "f").Errors).Diagnostic.Expected);

    [Fact]
    public void What_is_found_is_shown_on_one_line_and_not_at_length()
    {
        DiagnosticException error = Assert.Throws<DiagnosticException>(
            () => CaptureSettings.Parse($"path \e[31m{new string('x', 5000)}", "f"));
        string found = Assert.Single(error.Diagnostics).Found!;
        Assert.StartsWith("path  [31mxxx", found, StringComparison.Ordinal);
        Assert.True(found.Length < 200, found);
    }

    [Fact]
    public void Targets_are_tried_in_the_order_of_their_lines() =>
        Assert.Equal(
            ["ext4 /dev/vdb", "ext4 LABEL=crash", "ext4 /dev/vda"],
            CaptureSettings.Parse("ext4 /dev/vdb\ndump_level 1\next4 LABEL=crash\next4 /dev/vda", "x").Targets.Select(target => target.ToString()));

    [Fact]
    public void Tells_of_every_bad_line_and_of_a_setting_given_twice()
    {
        DiagnosticException error = Assert.Throws<DiagnosticException>(
            () => CaptureSettings.Parse("threads 0\npath /a\npath /b\ndeadline 60\ndeadline 61", "f"));
        Assert.Equal(["f:1", "f:3", "f:5"], error.Diagnostics.Select(diagnostic => diagnostic.Where));
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        Gen<string> words = Gen.ArrayOf(Gen.Elements("abcXYZ019-_.".ToCharArray()))
            .Select(characters => "h" + new string(characters)[..Math.Min(characters.Length, 60)]);
        Gen<CaptureSettings> settings =
            from name in words
            from folder in words
            from kind in Gen.Choose(0, 3)
            from uuid in ArbMap.Default.GeneratorFor<Guid>()
            from actions in Gen.ArrayOf(Gen.Choose(0, 2), 2)
            from numbers in Gen.ArrayOf(Gen.Choose(0, 10_000), 4)
            select new CaptureSettings
            {
                Targets = kind == 3 ? DumpTargets.None : new DumpTargets(
                    new FileSystemTarget("ext4", Selector(kind, uuid, name)),
                    new LocalTarget("/srv/" + name.Replace("..", ".x", StringComparison.Ordinal)),
                    new FileSystemTarget("xfs", Selector(2, uuid, name), "/a b/c")),
                Path = "/" + folder + "/with space/" + name,
                FinalAction = (PowerAction)actions[0],
                FailureAction = (PowerAction)actions[1],
                Level = (DumpLevel)(numbers[0] % 32),
                Deadline = TimeSpan.FromSeconds(10 + numbers[1]),
                DiskTimeout = TimeSpan.FromSeconds(numbers[2] % 3601),
                StallTimeout = TimeSpan.FromSeconds(10 + numbers[3]),
                NetTimeout = TimeSpan.FromSeconds(1 + (numbers[3] % 3600)),
                Compression = (DumpCompression)(numbers[2] % 5),
                Threads = numbers[3] % 65 is > 0 and var threads ? threads : null,
                HostName = numbers[0] % 2 == 0 ? name : null,
                Programs = new CapturePrograms
                {
                    BeforeDump = numbers[0] % 3 == 0 ? "/sbin/pre" : null,
                    AtEnd = numbers[1] % 3 == 0 ? "/sbin/post" : null,
                    TimeForEach = TimeSpan.FromSeconds(1 + numbers[0]),
                    Shell = numbers[2] % 3 == 0 ? "/bin/sh" : "/bin/bash",
                    Extra = numbers[3] % 3 == 0 ? "/sbin/ip /bin/cat" : null,
                    ExtraModules = numbers[3] % 5 == 0 ? "dm_mod gfs2" : null,
                    ModuleOptions = numbers[0] % 5 == 0 ? "card a=1 b=\"x  y\"\nother-card debug" : null,
                },
                SealTo = numbers[1] % 2 == 0 ? AgeKey : null,
                Budget = new CaptureBudget
                {
                    ReportTime = TimeSpan.FromSeconds(numbers[1] % 100),
                    DumpTime = numbers[2] % 2 == 0 ? TimeSpan.FromSeconds(1 + numbers[2]) : null,
                    MaxSize = numbers[3] % 2 == 0 ? new ByteCount(1 + ((ulong)numbers[3] << (numbers[0] % 40))) : null,
                    KeepFree = new ByteCount((ulong)numbers[1] << (numbers[2] % 40)),
                    RaisesLevel = numbers[0] % 3 == 0,
                    KeepDumps = numbers[1] % 3 == 0 ? 1 + (numbers[1] % 10_000) : null,
                    KeepDays = numbers[2] % 3 == 0 ? 1 + (numbers[2] % 10_000) : null,
                },
            };
        Prop.ForAll(settings.ToArbitrary(), value => CaptureSettings.Parse(value.ToText(), "x") == value)
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Damaged_settings_end_in_diagnostics_or_in_settings()
    {
        foreach (byte[] damaged in Mutations.Of(Encoding.UTF8.GetBytes(Example), 3000, seed: 5))
        {
            try
            {
                CaptureSettings settings = CaptureSettings.Parse(Encoding.UTF8.GetString(damaged), "x");
                Assert.Equal(settings, CaptureSettings.Parse(settings.ToText(), "x"));
            }
            catch (DiagnosticException error)
            {
                Assert.All(error.Diagnostics, diagnostic => Assert.Contains(
                    diagnostic.Id, (DiagnosticId[])[CaptureDiagnostics.BadSetting, CaptureDiagnostics.SettingNotCarriedOut]));
            }
        }
    }

    private static FileSystemTarget Target(CaptureSettings settings) => Assert.IsType<FileSystemTarget>(Assert.Single(settings.Targets));

    private static DeviceSelector Selector(int kind, Guid uuid, string name)
    {
        string text = kind switch
        {
            0 => $"UUID={uuid}",
            1 => "LABEL=" + name[..Math.Min(16, name.Length)],
            _ => "/dev/" + name.Replace("..", ".x", StringComparison.Ordinal),
        };
        Assert.True(DeviceSelector.TryParse(text, out DeviceSelector? selector));
        return selector;
    }
}
