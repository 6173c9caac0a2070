using Lifeboat.Capture.Ramdisk;
using Lifeboat.Drill.Inside;
using Lifeboat.Drill.Kernels;

namespace Lifeboat.Drill.Guests;

/// <summary>Builds the ramdisks of a drill: the capture kernel's, as it would be on a machine, and the first kernel's.</summary>
/// <param name="programPath">The static program.</param>
/// <param name="kernel">The kernel that both are for.</param>
internal sealed class GuestRamdisks(string programPath, KernelTree kernel)
{
    // These ramdisks are booted once.
    private const int FastLevel = 3;

    private readonly KernelConfig? _config = kernel.ConfigPath is null ? null : KernelConfig.Read(kernel.ConfigPath);
    private readonly ModuleTree _modules = ModuleTree.Open(kernel.ModulesFolder);

    /// <summary>The ramdisk that saves the dump.</summary>
    /// <param name="settings">The capture's settings, as they lie in it.</param>
    /// <param name="withFileSystem">False leaves the filesystem's module out.</param>
    public RamdiskImage BuildCapture(byte[] settings, bool withFileSystem) => RamdiskBuilder.Build(new RamdiskRequest
    {
        InitProgram = programPath,
        ModuleTree = _modules,
        Modules = withFileSystem ? TargetAndDisk : TargetModules.VirtioDisk,
        KernelConfig = _config,
        Files = [RamdiskFile.FromBytes(RamdiskLayout.Settings, settings)],
    });

    /// <summary>The first kernel's ramdisk: it carries the capture kernel and its ramdisk.</summary>
    public RamdiskImage BuildGuest(GuestPlan plan, ReadOnlyMemory<byte> captureKernel, RamdiskImage captureRamdisk) =>
        RamdiskBuilder.Build(new RamdiskRequest
        {
            InitProgram = programPath,
            ModuleTree = _modules,
            Modules = [.. TargetAndDisk, "af_packet"],
            KernelConfig = _config,
            ZstdLevel = FastLevel,
            Files =
            [
                RamdiskFile.FromBytes(GuestPlan.Path, plan.ToBytes()),
                RamdiskFile.FromBytes(GuestPlan.KernelPath, captureKernel),
                RamdiskFile.FromBytes(GuestPlan.RamdiskPath, captureRamdisk.Content),
            ],
        });

    /// <summary>The ramdisk of a guest that only shows that it boots.</summary>
    public RamdiskImage BuildProbe() => BuildAlone(new GuestPlan { Mode = GuestMode.Probe });

    /// <summary>The ramdisk of a guest without a disk and without a capture kernel.</summary>
    public RamdiskImage BuildAlone(GuestPlan plan) => RamdiskBuilder.Build(new RamdiskRequest
    {
        InitProgram = programPath,
        KernelConfig = _config,
        ZstdLevel = FastLevel,
        Files = [RamdiskFile.FromBytes(GuestPlan.Path, plan.ToBytes())],
    });

    private static IReadOnlyList<string> TargetAndDisk { get; } =
        [.. TargetModules.VirtioDisk, .. TargetModules.ForFileSystem("ext4")];
}
