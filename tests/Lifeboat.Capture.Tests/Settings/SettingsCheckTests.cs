using System.Text;
using Lifeboat.Capture.Settings;

namespace Lifeboat.Capture.Tests.Settings;

public sealed class SettingsCheckTests
{
    private const string Good = "ext4 UUID=2f5b9c1e-0d3a-4c57-9d0e-3f1f4c6b8a11\n";

    [Theory]
    [InlineData("")]
    [InlineData("final_action poweroff\nfailure_action poweroff\n")]
    [InlineData("failure_action halt\n")]
    [InlineData("dump_level 0\n")]
    [InlineData("compression none\n")]
    [InlineData("disk_timeout 30\ndeadline 31\n")]
    public void Settings_that_are_right_have_no_finding(string more) => Assert.Empty(Of(Good + more));

    [Theory]
    [InlineData("path /x")]
    [InlineData("minix UUID=2f5b9c1e-0d3a-4c57-9d0e-3f1f4c6b8a11")]
    [InlineData("ext4 sda1")]
    public void Without_a_target_that_is_an_error_of_the_whole_file(string text)
    {
        SettingFinding finding = Of(text)[^1];
        Assert.Equal((0, true), (finding.Line, finding.IsError));
        Assert.Equal((CaptureDiagnostics.SettingMissing, "f"), (finding.Diagnostic.Id, finding.Diagnostic.Where));
        Assert.Equal(text[0] == 'p' ? "no line for one" : "only lines that are not understood", finding.Diagnostic.Found);
    }

    [Theory]
    [InlineData("ext4 /dev/disk/by-uuid/2f5b9c1e-0d3a-4c57-9d0e-3f1f4c6b8a11", true, "UUID=2f5b9c1e-0d3a-4c57-9d0e-3f1f4c6b8a11")]
    [InlineData("ext4 /dev/disk/by-label/crash", true, "LABEL=crash")]
    [InlineData("ext4 /dev/disk/by-path/pci-0000:00:04.0", true, "UUID=... or LABEL=...")]
    [InlineData("ext4 /dev/dm-3", true, "/dev/mapper/NAME, or UUID=...")]
    [InlineData("ext4 /dev/vg/crash", false, "a name that the kernel gives")]
    [InlineData("ext4 /dev/sda1", false, "UUID=...")]
    public void A_device_that_the_capture_kernel_may_not_have_is_told(string line, bool isError, string expected)
    {
        SettingFinding finding = Assert.Single(Of("\n" + line));
        Assert.Equal((2, isError, expected), (finding.Line, finding.IsError, finding.Diagnostic.Expected));
        Assert.Equal(("f:2", line[5..]), (finding.Diagnostic.Where, finding.Diagnostic.Found));
        Assert.NotEmpty(finding.Diagnostic.Remedy!);
    }

    [Theory]
    [InlineData("ext4 /dev/mapper/vg-crash")]
    [InlineData("ext4 /dev/md0")]
    public void A_name_that_the_capture_gives_again_is_as_good_as_a_UUID(string line) => Assert.Empty(Of(line));

    [Theory]
    [InlineData("ext4 UUID=1A2B-3C4D", true)]
    [InlineData("vfat UUID=2f5b9c1e-0d3a-4c57-9d0e-3f1f4c6b8a11", true)]
    [InlineData("vfat UUID=1A2B-3C4D", false)]
    [InlineData("vfat LABEL=CRASH", false)]
    public void What_vfat_cannot_hold_and_a_UUID_of_another_kind_are_told(string line, bool isError) =>
        Assert.Equal(isError, Of(line)[^1].IsError);

    [Theory]
    [InlineData("deadline 30", "deadline for everything")]
    [InlineData("deadline 600\ndisk_timeout 600", "deadline for everything")]
    [InlineData("deadline 600\nnet_timeout 600", "deadline for everything")]
    [InlineData("final_action halt", "stays down with its dump saved")]
    [InlineData("dump_level 0\ncompression none", "as large as the machine's memory")]
    public void What_does_not_go_together_is_a_warning_at_its_last_line(string lines, string what)
    {
        SettingFinding finding = Assert.Single(Of(Good + lines));
        Assert.False(finding.IsError);
        Assert.Contains(what, finding.Diagnostic.What, StringComparison.Ordinal);
        Assert.Equal(lines.Contains('\n') ? 3 : 2, finding.Line);
    }

    [Theory]
    [InlineData("nfs 192.0.2.1:/crash", false)]
    [InlineData("ssh crash@192.0.2.1", true)]
    [InlineData("raw /dev/vdb", true)]
    public void Older_crashes_are_removed_from_folders_only(string target, bool isDoubtful)
    {
        Assert.Equal(isDoubtful, Of($"{target}\nkeep_days 9").Any(static finding =>
            finding.Line == 2 && finding.Diagnostic.What.StartsWith("No target is a folder", StringComparison.Ordinal)));
        Assert.DoesNotContain(Of($"{target}\n{Good}keep_days 9"), static finding => finding.Line == 3);
    }

    [Fact]
    public void Findings_come_in_the_lines_order()
    {
        IReadOnlyList<SettingFinding> findings = Of("final_action halt\nthreads 0\next4 /dev/sda1\nnfs x\npath /a\npath /b");
        Assert.Equal([1, 2, 3, 4, 6], findings.Select(finding => finding.Line));
        Assert.Equal([false, true, false, true, true], findings.Select(finding => finding.IsError));
    }

    [Fact]
    public void Damaged_settings_end_in_findings()
    {
        byte[] text = Encoding.UTF8.GetBytes(Good + "path /var/crash\ndump_level 0\ncompression none\nfinal_action halt\ncore_collector x\n");
        foreach (byte[] damaged in Mutations.Of(text, 3000, seed: 11))
        {
            Assert.All(Of(Encoding.UTF8.GetString(damaged)), finding =>
            {
                Assert.InRange(finding.Line, 0, 100);
                Assert.DoesNotContain(finding.Diagnostic.ToString(), char.IsControl);
            });
        }
    }

    private static IReadOnlyList<SettingFinding> Of(string text) => SettingsCheck.Of(SettingsFile.Read(text, "f"));
}
