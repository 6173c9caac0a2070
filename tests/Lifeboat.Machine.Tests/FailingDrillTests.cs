using System.Globalization;
using System.Text.Json;

namespace Lifeboat.Machine.Tests;

/// <summary>What must be told clearly, each tried for real.</summary>
public sealed class FailingDrillTests
{
    private const int Prepare = 10, Kernel = 11, Ramdisk = 12, Arm = 14, Purgatory = 17, CaptureUp = 18, TargetReady = 20, DumpSaved = 22;

    [Fact]
    public void A_reservation_too_small_to_load_says_how_much_is_needed()
    {
        DrillResult drill = DrillResult.Run(TestMachine.Kernel("6.1"), "--crashkernel", "16M").MustEndWith(Arm);
        Assert.Contains("crashkernel=", drill.Failure("what"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_reservation_too_small_to_live_in_says_so()
    {
        DrillResult drill = DrillResult.Run(TestMachine.Kernel("6.1"), "--crashkernel", "72M").MustEndWith(CaptureUp);
        Assert.Contains("ran out of memory", drill.Failure("hint"), StringComparison.Ordinal);
    }

    [Fact]
    public void On_a_full_disk_the_log_survives()
    {
        using var kept = new TemporaryFolder();

        // A folder that is kept in is the user's: what it has, stays.
        Directory.CreateDirectory(kept.File("crash/20260101T000000Z-web1"));
        File.WriteAllText(kept.File("crash/20260101T000000Z-web1/vmcore"), "precious");
        DrillResult drill = DrillResult.Run(
            TestMachine.Kernel("6.1"), "--fault", "disk-full", "--disk", "256M", "--keep", kept.Path).MustEndWith(DumpSaved);
        Assert.Contains("ENOSPC", drill.Failure("what"), StringComparison.Ordinal);
        Assert.Contains("sysrq triggered crash", File.ReadAllText(kept.File("dmesg.txt")), StringComparison.Ordinal);
        Assert.True(File.Exists(kept.File("crash/20260101T000000Z-web1/vmcore")));
        Assert.Contains("\"complete\": false", File.ReadAllText(kept.File("manifest.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_module_of_the_target_s_filesystem_is_named_and_log_and_report_are_on_the_console()
    {
        using var kept = new TemporaryFolder();
        DrillResult drill = DrillResult.Run(
            TestMachine.Kernel("6.1"), "--fault", "missing-module", "--keep", kept.Path).MustEndWith(TargetReady);
        Assert.Contains("ext4", drill.Failure("what"), StringComparison.Ordinal);
        Assert.Contains("module", drill.Failure("what"), StringComparison.Ordinal);

        ProgramResult decoded = TestMachine.Run(
            TestMachine.Program, ["decode-console", kept.File("console.log"), "-o", kept.File("decoded"), "--json"]);
        Assert.True(decoded.ExitCode == 0, decoded.Output + decoded.Error);
        using var document = JsonDocument.Parse(decoded.Output);
        JsonElement block = Assert.Single(document.RootElement.GetProperty("blocks").EnumerateArray());
        Assert.Equal("drill-guest", block.GetProperty("host").GetString());
        Assert.Contains("ext4", block.GetProperty("reason").GetString(), StringComparison.Ordinal);
        string folder = Assert.Single(Directory.GetDirectories(kept.File("decoded")));
        Assert.Equal(
            ["dmesg.txt", "manifest.json", "report.json", "report.txt"],
            Directory.GetFiles(folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        Assert.Contains("sysrq triggered crash", File.ReadAllText(Path.Combine(folder, "dmesg.txt")), StringComparison.Ordinal);
        Assert.Contains(
            "Crash asked for through sysrq at sysrq_handle_crash", File.ReadAllText(Path.Combine(folder, "report.txt")), StringComparison.Ordinal);
        ProgramResult piped = TestMachine.Run(TestMachine.Program, ["decode-console", "-"], File.ReadAllText(kept.File("console.log")));
        Assert.Equal(0, piped.ExitCode);
        Assert.Contains("Crash asked for through sysrq", piped.Output, StringComparison.Ordinal);
        using var report = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "report.json")));
        Assert.Equal("Sysrq", report.RootElement.GetProperty("kind").GetString());
    }

    [Fact]
    public void Modules_without_the_target_s_filesystem_are_refused_before_the_crash()
    {
        TestKernel kernel = TestMachine.Kernel("6.1");
        using var modules = new TemporaryFolder();
        string folder = Directory.CreateDirectory(modules.File(kernel.Release)).FullName;
        foreach (string file in Directory.EnumerateFiles(kernel.Modules, "virtio*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(folder, Path.GetRelativePath(kernel.Modules, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        DrillResult drill = DrillResult.Run(kernel with { Modules = folder }).MustEndWith(Ramdisk);
        Assert.Contains("ext4", drill.Failure("what"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_byte_in_a_loaded_segment_stops_purgatory()
    {
        DrillResult drill = DrillResult.Run(TestMachine.Kernel("6.1"), "--fault", "corrupt-segment").MustEndWith(Purgatory);
        Assert.Contains("SHA-256 mismatch in segment", drill.Failure("what"), StringComparison.Ordinal);
        Assert.Contains("ramdisk", drill.Failure("what"), StringComparison.Ordinal);
        Assert.Contains("the machine was reset", drill.Failure("what"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_capture_kernel_that_never_comes_up_ends_at_the_deadline()
    {
        DrillResult drill = DrillResult.Run(
            TestMachine.Kernel("6.1"), "--fault", "stuck-capture", "--deadline", "40").MustEndWith(CaptureUp);
        Assert.Contains("nothing was heard", drill.Failure("what"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_kernel_without_kexec_is_refused_by_its_configuration()
    {
        TestKernel kernel = TestMachine.Kernel("6.1");
        using var folder = new TemporaryFolder();
        string image = folder.File($"vmlinuz-{kernel.Release}");
        File.Copy(kernel.Image, image);
        File.WriteAllText(
            folder.File($"config-{kernel.Release}"),
            File.ReadAllText(kernel.Config).Replace("CONFIG_KEXEC=y", "# CONFIG_KEXEC is not set", StringComparison.Ordinal));
        DrillResult drill = DrillResult.Run(kernel with { Image = image }).MustEndWith(Kernel);
        Assert.Contains("CONFIG_KEXEC is not set", drill.Failure("what"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_kernel_is_refused_with_the_field_that_is_wrong()
    {
        using var folder = new TemporaryFolder();
        string image = folder.File("vmlinuz-none");
        File.WriteAllBytes(image, new byte[65536]);
        DrillResult drill = DrillResult.Run(TestMachine.Kernel("6.1") with { Image = image }).MustEndWith(Kernel);
        Assert.Contains(image, drill.Failure("what"), StringComparison.Ordinal);
        Assert.Contains("found", drill.Failure("what"), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_QEMU_the_package_is_named()
    {
        TestKernel kernel = TestMachine.Kernel("6.1");
        using var empty = new TemporaryFolder();
        ProgramResult result = TestMachine.Run(
            TestMachine.Program,
            ["drill", "--kernel", kernel.Image, "--modules", kernel.Modules],
            environment: new() { ["PATH"] = empty.Path });
        Assert.Equal(Prepare, result.ExitCode);
        Assert.Contains("apt-get install qemu-system-x86", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_KVM_that_hangs_is_noticed_and_emulation_used_instead()
    {
        Assert.SkipUnless(File.Exists("/dev/kvm"), "there is no /dev/kvm here");
        string qemu = TestMachine.Oracle("qemu-system-x86_64");
        using var folder = new TemporaryFolder();
        string wrapper = folder.File("qemu-system-x86_64");
        File.WriteAllText(wrapper, string.Create(CultureInfo.InvariantCulture,
            $"#!/bin/sh\ncase \" $* \" in *\" kvm \"*) exec sleep 3600;; esac\nexec {qemu} \"$@\"\n"));
        File.SetUnixFileMode(wrapper, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        DrillResult drill = RunWithPath(folder, TestMachine.Kernel("6.1"));
        Assert.Equal("Emulation", drill.Document.GetProperty("accelerator").GetString());
        Assert.Contains("did not come up", drill.Document.GetProperty("acceleratorReason").GetString()!, StringComparison.Ordinal);
    }

    private static DrillResult RunWithPath(TemporaryFolder folder, TestKernel kernel)
    {
        // The capture kernel is left without memory, so that the drill ends soon after the choice was made.
        ProgramResult result = TestMachine.Run(
            TestMachine.Program,
            ["drill", "--json", "--kernel", kernel.Image, "--modules", kernel.Modules, "--crashkernel", "16M"],
            environment: new()
            {
                ["PATH"] = $"{folder.Path}:{Environment.GetEnvironmentVariable("PATH")}",
                ["XDG_CACHE_HOME"] = folder.File("cache"),
            });
        return new DrillResult(result.ExitCode, System.Text.Json.JsonDocument.Parse(result.Output).RootElement, result.Error);
    }
}
