using Lifeboat.Capture.Storage;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Tests.Storage;

public sealed class StorageStackTests : IDisposable
{
    private readonly FakeStorage _storage = new();

    public void Dispose() => _storage.Dispose();

    [Fact]
    public void A_partition_is_its_disk_and_nothing_else()
    {
        StorageStack stack = _storage.Disk("vda").Disk("vda1", of: "vda").Stack("/dev/vda1");
        Assert.Empty(stack.Layers);
        Assert.Equal(["vda"], stack.Disks);
        Assert.Empty(_storage.Stack("/dev/vdz").Disks);
    }

    [Fact]
    public void A_volume_on_an_array_stands_above_it_with_its_own_names()
    {
        _storage.Disk("vda").Disk("vda1", "linux_raid_member", "a-uuid", of: "vda").Disk("vdb", "linux_raid_member", "a-uuid")
            .Array("md127", "raid1", "1.2", "vda1", "vdb").Holds("md127", "LVM2_member", "pv").Disk("vdc", "LVM2_member", "pv2")
            .Mapped("dm-0", "my--vg-a--crash", "LVM-abcdef", "md127", "vdc");
        StorageStack stack = _storage.Stack("/dev/dm-0");
        Assert.Equal(["the array md127 of mdraid", "the volume my-vg/a-crash of LVM"], stack.Layers.Select(layer => layer.ToString()));
        Assert.Equal([new StorageMember("linux_raid_member", "a-uuid", 2)], stack.Layers[0].Members);
        Assert.Equal("a-uuid", stack.Layers[0].Identity);
        Assert.Equal(["raid1"], stack.Layers[0].Modules);
        Assert.Equal([new StorageMember("LVM2_member", "pv", 1), new StorageMember("LVM2_member", "pv2", 1)], stack.Layers[1].Members);
        Assert.Equal(["vda", "vdb", "vdc"], stack.Disks);
    }

    [Fact]
    public void A_name_without_a_link_is_found_by_device_mapper_s_name()
    {
        _storage.Disk("vda", "LVM2_member", "pv").Mapped("dm-7", "vg-crash", "LVM-abcdef", "vda");
        Assert.Equal("vg/crash", Assert.Single(_storage.Stack("/dev/mapper/vg-crash").Layers).Name);
    }

    [Fact]
    public void A_volume_in_a_pool_is_thin_and_its_hidden_parts_are_no_layers()
    {
        _storage.Disk("vda", "LVM2_member", "pv")
            .Mapped("dm-0", "vg-pool_tmeta", "LVM-x-tmeta", "vda").Mapped("dm-1", "vg-pool_tdata", "LVM-x-tdata", "vda")
            .Mapped("dm-2", "vg-pool-tpool", "LVM-x-tpool", "dm-0", "dm-1").Mapped("dm-4", "vg-crash", "LVM-y", "dm-2");
        StorageLayer layer = Assert.Single(_storage.Stack("/dev/dm-4").Layers);
        Assert.Equal("the thin volume vg/crash of LVM", layer.ToString());
        Assert.Equal([new StorageMember("LVM2_member", "pv", 1)], layer.Members);
    }

    [Fact]
    public void Paths_of_a_disk_are_one_member_as_often_as_they_are()
    {
        _storage.Disk("sda", wwid: "naa.5").Disk("sdb", wwid: "naa.5").Mapped("dm-0", "mpatha", "mpath-35", "sda", "sdb")
            .Mapped("dm-1", "mpatha-part1", "part1-mpath-35", "dm-0");
        StorageStack stack = _storage.Stack("/dev/dm-1");
        Assert.Equal([StorageLayerKind.Multipath, StorageLayerKind.Partition], stack.Layers.Select(layer => layer.Kind));
        Assert.Equal([new StorageMember(StorageMember.Wwid, "naa.5", 2)], stack.Layers[0].Members);
        Assert.Equal(("35", "mpatha"), (stack.Layers[0].Identity, stack.Layers[1].Identity));
        Assert.Equal(["sda", "sdb"], stack.Disks);
    }

    [Theory]
    [InlineData("loop0", "loop0, which is no disk")]
    [InlineData("drbd1", "drbd1, which is no disk")]
    [InlineData("bcache0", "bcache0, made of vda by a driver that is not known")]
    [InlineData("dm-0", "own, which device-mapper makes for an unknown purpose (no UUID)")]
    [InlineData("dm-1", "vg-v, a volume of VDO")]
    [InlineData("md126", "md126, an array whose superblocks are not mdraid's own (external:/md127/0)")]
    [InlineData("md9", "md9, an array without a disk that can be read")]
    public void What_a_capture_kernel_cannot_be_given_is_refused_by_its_name(string device, string found)
    {
        _storage.Disk("vda").Disk("loop0").Disk("drbd1").Disk("bcache0").Below("bcache0", "vda").Mapped("dm-0", "own", "", "vda")
            .Mapped("dm-2", "vg-pool-vpool", "LVM-x-vpool", "vda").Mapped("dm-1", "vg-v", "LVM-y", "dm-2")
            .Array("md126", "raid1", "external:/md127/0", "vda").Array("md9", "raid1", "1.2", "vda");
        Diagnostic refusal = Assert.Throws<DiagnosticException>(() => _storage.Stack($"/dev/{device}")).Diagnostics[0];
        Assert.Equal((CaptureDiagnostics.StorageNotCarried, found), (refusal.Id, refusal.Found));
    }

    [Fact]
    public void Devices_that_are_made_of_each_other_come_to_an_end()
    {
        _storage.Disk("vda", "LVM2_member", "pv").Mapped("dm-0", "vg-a", "LVM-x", "vda").Mapped("dm-1", "vg-b", "LVM-y", "dm-0").Below("dm-0", "dm-1");
        Assert.Equal(["vda"], _storage.Stack("/dev/dm-1").Disks);
        for (int i = 0; i < 40; i++)
        {
            _storage.Array($"md{i}", "raid1", "1.2", $"md{i + 1}");
        }

        Assert.Contains(
            "more devices", Assert.Throws<DiagnosticException>(() => _storage.Disk("md40").Stack("/dev/md0")).Diagnostics[0].Found, StringComparison.Ordinal);
    }
}
