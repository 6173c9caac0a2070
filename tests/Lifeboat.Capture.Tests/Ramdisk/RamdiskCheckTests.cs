using Lifeboat.Capture.Modules;
using Lifeboat.Capture.Ramdisk;
using Lifeboat.Capture.Settings;
using Lifeboat.Capture.Tests.Modules;
using Lifeboat.Capture.Watchdogs;

namespace Lifeboat.Capture.Tests.Ramdisk;

public sealed class RamdiskCheckTests : IDisposable
{
    private static readonly RamdiskSurroundings Machine = new()
    {
        KernelRelease = TestRamdisk.Release,
        Program = TestElf.Program(dynamic: false),
        Settings = TestRamdisk.Settings,
        FindDevice = static _ => "/dev/vda1",
        DriversOf = static _ => ["ext4"],
    };

    private readonly TestRamdisk _ramdisk = new();

    public void Dispose() => _ramdisk.Dispose();

    [Fact]
    public void Of_a_ramdisk_that_fits_its_machine_nothing_is_said() => Assert.Empty(Check(Machine));

    [Fact]
    public void Modules_for_another_kernel_are_errors()
    {
        IReadOnlyList<SettingFinding> findings = Check(Machine with { KernelRelease = "6.1.0-57-amd64" });
        Assert.Equal(2, findings.Count);
        Assert.All(findings, finding => Assert.Equal(
            (true, CaptureDiagnostics.BadModule, TestRamdisk.Release, "6.1.0-57-amd64"),
            (finding.IsError, finding.Diagnostic.Id, finding.Diagnostic.Found, finding.Diagnostic.Expected)));
    }

    [Fact]
    public void A_driver_of_the_disk_that_is_missing_is_an_error_with_what_to_do()
    {
        SettingFinding finding = Assert.Single(Check(Machine with { DriversOf = static _ => ["nvme", "ext4"] }));
        Assert.Equal((true, CaptureDiagnostics.ModuleMissing), (finding.IsError, finding.Diagnostic.Id));
        Assert.Contains("--module nvme", finding.Diagnostic.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_driver_that_the_kernel_has_built_in_is_not_missed()
    {
        using var folder = new TemporaryFolder();
        folder.Write("modules.builtin", "kernel/drivers/nvme/host/nvme.ko\n");
        Assert.Empty(Check(Machine with { DriversOf = static _ => ["nvme"], Modules = ModuleTree.Open(folder.Path) }));
    }

    [Fact]
    public void A_target_that_is_not_there_is_an_error()
    {
        SettingFinding finding = Assert.Single(Check(Machine with { FindDevice = static _ => null }));
        Assert.Equal((true, CaptureDiagnostics.TargetNotFound), (finding.IsError, finding.Diagnostic.Id));
    }

    [Fact]
    public void What_has_changed_since_it_was_built_is_a_warning()
    {
        IReadOnlyList<SettingFinding> findings = Check(Machine with { Program = new byte[1], Settings = "path /other\n" });
        Assert.Equal([CaptureDiagnostics.BadRamdisk, CaptureDiagnostics.DoubtfulSetting], findings.Select(finding => finding.Diagnostic.Id));
        Assert.All(findings, finding => Assert.False(finding.IsError));
    }

    [Fact]
    public void A_line_of_its_settings_that_is_not_understood_is_told_with_its_place()
    {
        var contents = RamdiskContents.Read(_ramdisk.Build(settings: TestRamdisk.Settings + "dump_level 99\n"), "capture.img");
        SettingFinding finding = Assert.Single(RamdiskCheck.Of(contents, Machine with { Settings = null }));
        Assert.Equal((2, true, "capture.img:/etc/lifeboat/lifeboat.conf:2"), (finding.Line, finding.IsError, finding.Diagnostic.Where));
    }

    [Fact]
    public void Without_a_filesystem_s_module_the_target_is_none()
    {
        // The settings were changed after the modules were chosen.
        byte[] image = _ramdisk.Build();
        int at = image.AsSpan().IndexOf("lib/modules/ext4.ko"u8);
        "lib/modules/exfa.ko"u8.CopyTo(image.AsSpan(at));
        IReadOnlyList<SettingFinding> findings = RamdiskCheck.Of(RamdiskContents.Read(image, "x"), Machine with { DriversOf = static _ => [] });
        Assert.All(findings, finding => Assert.Equal((true, CaptureDiagnostics.ModuleMissing), (finding.IsError, finding.Diagnostic.Id)));
        Assert.Equal(["/lib/modules/ext4.ko", "ext4"], findings.Select(finding => finding.Diagnostic.Expected));
    }

    [Fact]
    public void A_watchdog_that_runs_and_whose_driver_is_missing_is_an_error()
    {
        using var system = new TemporaryFolder();
        system.Write("devices/pci/watchdog/watchdog0/state", "active\n");
        Directory.CreateDirectory(system.Combine("class/watchdog"));
        Directory.CreateDirectory(system.Combine("driver"));
        Directory.CreateDirectory(system.Combine("module/sp5100_tco"));
        Directory.CreateSymbolicLink(system.Combine("class/watchdog/watchdog0"), system.Combine("devices/pci/watchdog/watchdog0"));
        Directory.CreateSymbolicLink(system.Combine("devices/pci/driver"), system.Combine("driver"));
        Directory.CreateSymbolicLink(system.Combine("driver/module"), system.Combine("module/sp5100_tco"));
        SettingFinding finding = Assert.Single(Check(Machine with { Watchdogs = new WatchdogNeeds(system.Path) }));
        Assert.Equal((true, CaptureDiagnostics.WatchdogRuns, "sp5100_tco"), (finding.IsError, finding.Diagnostic.Id, finding.Diagnostic.Expected));
    }

    [Fact]
    public void Firmware_that_has_come_since_the_ramdisk_was_built_is_a_warning()
    {
        using var root = new TemporaryFolder();
        string path = root.Write("lib/firmware/card/a.bin", "for the card");
        RamdiskSurroundings machine = Machine with { MachineRoot = root.Path };
        SettingFinding finding = Assert.Single(Check(machine));
        Assert.Equal((false, "/lib/firmware/card/a.bin"), (finding.IsError, finding.Diagnostic.Expected));
        byte[] rebuilt = _ramdisk.Build(files: RamdiskFile.FromHost("/lib/firmware/card/a.bin", path));
        Assert.Empty(RamdiskCheck.Of(RamdiskContents.Read(rebuilt, "capture.img"), machine));
    }

    [Fact]
    public void Parameters_that_modules_have_got_since_the_ramdisk_was_built_are_a_warning()
    {
        using var root = new TemporaryFolder();
        root.Write("etc/modprobe.d/disks.conf", "options ext4 debug=1\noptions another x=1\n");
        SettingFinding finding = Assert.Single(Check(Machine with { MachineRoot = root.Path }));
        Assert.False(finding.IsError);
        Assert.Equal(("The module ext4 has other parameters on this machine now", "none", "debug=1, by modprobe.d and the settings"),
            (finding.Diagnostic.What, finding.Diagnostic.Found, finding.Diagnostic.Expected));
    }

    [Fact]
    public void Parameters_that_the_settings_add_are_looked_for_too()
    {
        using var root = new TemporaryFolder();
        var ramdisk = RamdiskContents.Read(_ramdisk.Build(settings: TestRamdisk.Settings + "options ext4 debug=2\n"), "capture.img");
        Assert.Contains(RamdiskCheck.Of(ramdisk, Machine with { MachineRoot = root.Path }), static finding => finding.Diagnostic.Found == "none"
            && finding.Diagnostic.Expected == "debug=2, by modprobe.d and the settings");
    }

    private IReadOnlyList<SettingFinding> Check(RamdiskSurroundings machine) =>
        RamdiskCheck.Of(RamdiskContents.Read(_ramdisk.Build(), "capture.img"), machine);
}
