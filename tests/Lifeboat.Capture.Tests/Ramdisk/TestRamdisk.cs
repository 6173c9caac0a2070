using System.Text;
using Lifeboat.Capture.Modules;
using Lifeboat.Capture.Ramdisk;
using Lifeboat.Capture.Tests.Modules;

namespace Lifeboat.Capture.Tests.Ramdisk;

/// <summary>A small ramdisk: a program that does nothing, ext4 with what it needs, settings.</summary>
internal sealed class TestRamdisk : IDisposable
{
    public const string Release = "6.1.0-56-amd64";
    public const string Settings = "ext4 UUID=2f5b9c1e-0d3a-4c57-9d0e-3f1f4c6b8a11\n";

    private readonly TemporaryFolder _folder = new();

    public byte[] Build(string config = "CONFIG_BLK_DEV_INITRD=y", string settings = Settings, string? network = null, string? storage = null,
        params IReadOnlyList<RamdiskFile> files)
    {
        _folder.Write("tree/kernel/ext4.ko", TestElf.Module("depends=base", "firmware=card/a.bin", $"vermagic={Release} SMP preempt mod_unload"));
        _folder.Write("tree/kernel/base.ko", TestElf.Module("depends=", $"vermagic={Release} SMP preempt mod_unload"));
        return RamdiskBuilder.Build(new RamdiskRequest
        {
            InitProgram = _folder.Write("program", TestElf.Program(dynamic: false)),
            ModuleTree = ModuleTree.Open(_folder.Combine("tree")),
            Modules = ["ext4"],
            KernelConfig = KernelConfig.Parse(config),
            Files =
            [
                RamdiskFile.FromBytes(RamdiskLayout.Settings, Encoding.UTF8.GetBytes(settings)),
                .. storage is null ? (RamdiskFile[])[] : [RamdiskFile.FromBytes(RamdiskLayout.Storage, Encoding.UTF8.GetBytes(storage))],
                .. network is null ? (RamdiskFile[])[] : [RamdiskFile.FromBytes(RamdiskLayout.Network, Encoding.UTF8.GetBytes(network))],
                .. files,
            ],
        }).Content.ToArray();
    }

    public void Dispose() => _folder.Dispose();
}
