using Lifeboat.Capture.Ramdisk;
using Lifeboat.Capture.Settings;
using Lifeboat.Capture.Storage;
using Lifeboat.Capture.Tests.Modules;

namespace Lifeboat.Capture.Tests.Ramdisk;

public sealed class RamdiskNetworkDiskCheckTests : IDisposable
{
    private const string Network = """
        target 198.51.100.10
        card mac=52:54:00:12:34:56 name=eth0 mtu=1500
        address 192.0.2.5/24 link=0 by=static
        route 198.51.100.10 link=0 source=192.0.2.5 gateway=192.0.2.1 by=plan
        module ext4
        """;

    private readonly TestRamdisk _ramdisk = new();

    public void Dispose() => _ramdisk.Dispose();

    [Fact]
    public void A_disk_of_another_host_that_is_as_it_was_is_not_spoken_of() => Assert.Empty(Check(Network, "198.51.100.10"));

    [Fact]
    public void A_ramdisk_without_the_way_to_the_host_of_a_disk_is_an_error()
    {
        SettingFinding finding = Assert.Single(Check(null, "198.51.100.10"));
        Assert.Equal((true, CaptureDiagnostics.NoNetworkPlan), (finding.IsError, finding.Diagnostic.Id));
    }

    [Fact]
    public void A_disk_that_has_moved_to_another_host_is_an_error()
    {
        SettingFinding finding = Assert.Single(Check(Network, "198.51.100.11"));
        Assert.Equal((true, CaptureDiagnostics.StorageDiffers), (finding.IsError, finding.Diagnostic.Id));
    }

    private IReadOnlyList<SettingFinding> Check(string? network, string hostNow)
    {
        string target = TestRamdisk.Settings.Trim()["ext4 ".Length..];
        byte[] image = _ramdisk.Build(network: network, storage: StoragePlanner.For(target, Stack("198.51.100.10")).Plan.ToText());
        return RamdiskCheck.Of(RamdiskContents.Read(image, "capture.img"), new RamdiskSurroundings
        {
            KernelRelease = TestRamdisk.Release,
            Program = TestElf.Program(dynamic: false),
            Settings = TestRamdisk.Settings,
            FindDevice = static _ => "/dev/nvme0n1",
            StackOf = _ => Stack(hostNow),
        });
    }

    private static StorageStack Stack(string host) => new(
        [
            new StorageLayer(StorageLayerKind.NvmeTcp, "nvme0n1", "nqn.2026-11.example:crash", [])
            {
                Modules = ["ext4"],
                Connection = new StorageConnection(host, [$"transport=tcp,traddr={host}"]),
            },
        ], ["nvme0n1"]);
}
