using Lifeboat.Capture.Settings;
using Lifeboat.Capture.Targets;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Tests.Targets;

public sealed class LocalFolderTests
{
    private const string Uuid = "2f5b9c1e-0d3a-4c57-9d0e-3f1f4c6b8a11";

    private const string Mounts = """
        22 1 0:20 / /proc rw - proc proc rw
        23 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw
        24 23 8:3 / /var rw - xfs /dev/sda3 rw
        25 24 8:4 /in/it /var/crash rw master:1 - ext4 /dev/sda4 rw
        26 23 0:40 /@srv /srv rw - btrfs /dev/sda5 rw,subvolid=257,subvol=/@srv
        27 23 0:41 / /tmp rw - tmpfs tmpfs rw
        28 23 0:42 / /net rw - nfs4 host:/export rw
        29 23 253:0 / /big rw - xfs /dev/mapper/vg-big rw
        30 23 8:6 / /with\040a\040blank rw - vfat /dev/sda6 rw
        """;

    [Theory]
    [InlineData("/opt/crash", $"ext4 UUID={Uuid} path=/opt/crash")]
    [InlineData("/", $"ext4 UUID={Uuid} path=/")]
    [InlineData("/var/log/crash", $"xfs UUID={Uuid} path=/log/crash")]
    [InlineData("/variety", $"ext4 UUID={Uuid} path=/variety")]
    [InlineData("/var/crash", $"ext4 UUID={Uuid} path=/in/it")]
    [InlineData("/var/crash/here", $"ext4 UUID={Uuid} path=/in/it/here")]
    [InlineData("/big/x", $"xfs UUID={Uuid} path=/x")]
    [InlineData("/srv/crash", $"btrfs UUID={Uuid} path=/@srv/crash")]
    [InlineData("/with a blank/x", $"vfat UUID={Uuid} path=/x")]
    public void A_folder_is_a_path_on_the_filesystem_that_it_lies_on(string folder, string expected) =>
        Assert.Equal(expected, Assert.Single(Resolve(folder).Targets).ToString());

    [Theory]
    [InlineData("/tmp/crash", "tmpfs")]
    [InlineData("/net/crash", "nfs4 (host:/export)")]
    public void What_a_capture_kernel_cannot_mount_is_refused(string folder, string found) =>
        Assert.Contains(
            found, Assert.Throws<DiagnosticException>(() => Resolve(folder)).Diagnostics[0].Found, StringComparison.Ordinal);

    [Fact]
    public void A_device_that_cannot_be_read_is_refused() =>
        Assert.Contains(
            "whose UUID cannot be read",
            Assert.Throws<DiagnosticException>(() => LocalFolder.Resolve(Settings("/var"), Mounts, _ => null)).Diagnostics[0].Found,
            StringComparison.Ordinal);

    [Fact]
    public void Other_targets_stay_in_their_order()
    {
        CaptureSettings settings = CaptureSettings.Parse("ext4 LABEL=a\nlocal /var/crash/\nssh kdump@host", "x");
        Assert.Equal(
            ["ext4 LABEL=a", $"ext4 UUID={Uuid} path=/in/it", "ssh kdump@host"],
            LocalFolder.Resolve(settings, Mounts, Probe).Targets.Select(target => target.ToString()));
    }

    [Fact]
    public void Mounts_that_are_damaged_are_no_mounts()
    {
        foreach (byte[] damaged in Mutations.Of(System.Text.Encoding.UTF8.GetBytes(Mounts), 2000, seed: 9))
        {
            try
            {
                LocalFolder.Resolve(Settings("/var/crash"), System.Text.Encoding.UTF8.GetString(damaged), Probe);
            }
            catch (DiagnosticException)
            {
                // That is the one way to refuse.
            }
        }
    }

    private static CaptureSettings Resolve(string folder) => LocalFolder.Resolve(Settings(folder), Mounts, Probe);

    private static CaptureSettings Settings(string folder) => CaptureSettings.Parse($"local {folder}", "x");

    private static DeviceContent Probe(string device) => new("ext4", Uuid, "");
}
