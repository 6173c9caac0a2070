using Lifeboat.Capture.Modules;
using Lifeboat.Capture.Ramdisk;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Drill.Crashes;
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
    /// <param name="modules">The modules that the settings need; that of the guest's disk comes by itself.</param>
    /// <param name="files">The files that they need.</param>
    public RamdiskImage BuildCapture(
        byte[] settings, IReadOnlyList<string> modules, IReadOnlyList<RamdiskFile> files) => RamdiskBuilder.Build(new RamdiskRequest
        {
            InitProgram = programPath,
            ModuleTree = _modules,
            Modules = [.. TargetModules.VirtioDisk, .. modules],
            KernelConfig = _config,
            Files = [RamdiskFile.FromBytes(RamdiskLayout.Settings, settings), .. files],
        });

    /// <summary>The first kernel's ramdisk: it carries the capture kernel and its ramdisk.</summary>
    public RamdiskImage BuildGuest(GuestPlan plan, ReadOnlyMemory<byte> captureKernel, RamdiskImage captureRamdisk) =>
        RamdiskBuilder.Build(new RamdiskRequest
        {
            InitProgram = programPath,
            ModuleTree = _modules,
            Modules = [.. DiskAnd(plan.FileSystem), "af_packet", .. plan.SaveTruth ? SecretsModules() : []],
            KernelConfig = _config,
            ZstdLevel = FastLevel,
            Files =
            [
                RamdiskFile.FromBytes(GuestPlan.Path, plan.ToBytes()),
                RamdiskFile.FromBytes(GuestPlan.KernelPath, captureKernel),
                RamdiskFile.FromBytes(GuestPlan.RamdiskPath, captureRamdisk.Content),
                .. CrashModuleFor(plan),
            ],
        });

    /// <summary>The ramdisk of a guest that reboots by kexec into this kernel and ramdisk, in the way that a user does at once.</summary>
    public RamdiskImage BuildReboot(ReadOnlyMemory<byte> nextKernel, RamdiskImage nextRamdisk) => BuildAlone(
        new GuestPlan
        {
            Mode = GuestMode.Commands,
            Commands = $"boot {GuestPlan.KernelPath} --initrd {GuestPlan.RamdiskPath} --now",
        },
        RamdiskFile.FromBytes(GuestPlan.KernelPath, nextKernel),
        RamdiskFile.FromBytes(GuestPlan.RamdiskPath, nextRamdisk.Content));

    /// <summary>The ramdisk of a guest that only shows that it boots.</summary>
    public RamdiskImage BuildProbe() => BuildAlone(new GuestPlan { Mode = GuestMode.Probe });

    /// <summary>The ramdisk of a guest without a disk and without a capture kernel.</summary>
    /// <param name="plan">What it is to do.</param>
    /// <param name="files">What else lies in it.</param>
    public RamdiskImage BuildAlone(GuestPlan plan, params IReadOnlyList<RamdiskFile> files) => RamdiskBuilder.Build(new RamdiskRequest
    {
        InitProgram = programPath,
        KernelConfig = _config,
        ZstdLevel = FastLevel,
        Files = [RamdiskFile.FromBytes(GuestPlan.Path, plan.ToBytes()), .. ConfigFor(plan), .. files],
    });

    /// <summary>Commands find the kernel's configuration where they would on an installed machine.</summary>
    private RamdiskFile[] ConfigFor(GuestPlan plan) => plan.Mode == GuestMode.Commands && kernel.ConfigPath is { } path
        ? [RamdiskFile.FromHost($"/boot/config-{Path.GetFileName(kernel.ModulesFolder)}", path)]
        : [];

    // Kernels have some of them built in, and newer ones have lost some.
    private List<string> SecretsModules()
    {
        var modules = new List<string>();
        foreach (string name in PlantedSecrets.Modules)
        {
            try
            {
                _ = _modules.Resolve([name]);
                modules.Add(name);
            }
            catch (DiagnosticException)
            {
                // Neither there nor built in under this name: the secret that needs it will be missing.
            }
        }

        return modules;
    }

    private RamdiskFile[] CrashModuleFor(GuestPlan plan)
    {
        if (!DrillCrashNames.TryParse(plan.Crash, out DrillCrash crash) || CrashPlan.Of(crash).ModuleFunction is not { } function)
        {
            return [];
        }

        // The filesystem's module is the last, and has all that a module can have.
        IReadOnlyList<KernelModule> modules = _modules.Resolve(DiskAnd(GuestPlan.DefaultFileSystem)).LoadOrder;
        for (int i = modules.Count - 1; i >= 0; i--)
        {
            if (ModuleTemplate.TryRead(ModuleFile.Read(modules[i].Path), modules[i].Name.Value, out ModuleTemplate? template))
            {
                return [RamdiskFile.FromBytes(GuestPlan.CrashModulePath, CrashModule.Build(template, function))];
            }
        }

        throw new DiagnosticException(new Diagnostic(DrillDiagnostics.NoCrashModule, "no module that crashes can be made for this kernel")
        {
            Where = kernel.ModulesFolder,
            Expected = "the module of a disk or a filesystem, with unwind tables (ORC) and a table of bugs",
            Remedy = "Drill with --crash sysrq, nmi, mce, oom or hung-task, which need no module",
        });
    }

    private static string[] DiskAnd(string fileSystem) => [.. TargetModules.VirtioDisk, .. TargetModules.ForFileSystem(fileSystem)];
}
