using Lifeboat.Capture.Targets;

namespace Lifeboat.Capture.Tests.Targets;

public sealed class BlockDeviceDriversTests
{
    [Fact]
    public void Drivers_are_those_of_the_device_and_of_all_above_it()
    {
        using var folder = new TemporaryFolder();
        const string Disk = "devices/pci0000:00/0000:00:04.0/virtio1/block/vda";
        Directory.CreateDirectory(folder.Combine(Disk, "vda1"));
        Directory.CreateDirectory(folder.Combine("class/block"));
        Link("class/block/vda1", $"{Disk}/vda1");
        Driver("devices/pci0000:00/0000:00:04.0/virtio1", "bus/virtio/drivers/virtio_blk", "virtio_blk");
        Driver("devices/pci0000:00/0000:00:04.0", "bus/pci/drivers/virtio-pci", "virtio_pci");
        Driver("devices/pci0000:00", "bus/pci/drivers/pcieport", null);
        Assert.Equal(["virtio_blk", "virtio_pci"], BlockDeviceDrivers.Of("/dev/vda1", folder.Path));
        Assert.Empty(BlockDeviceDrivers.Of("/dev/sda", folder.Path));

        void Driver(string device, string driver, string? module)
        {
            Directory.CreateDirectory(folder.Combine(driver));
            Link($"{device}/driver", driver);
            if (module is not null)
            {
                Directory.CreateDirectory(folder.Combine("module", module));
                Link($"{driver}/module", $"module/{module}");
            }
        }

        void Link(string from, string to) => Directory.CreateSymbolicLink(folder.Combine(from), folder.Combine(to));
    }
}
