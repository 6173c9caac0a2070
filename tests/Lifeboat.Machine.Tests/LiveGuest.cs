using Lifeboat.Capture.Ramdisk;
using Lifeboat.Core.Memory;
using Lifeboat.Drill.Guests;
using Lifeboat.Drill.Inside;
using Lifeboat.Drill.Kernels;

namespace Lifeboat.Machine.Tests;

/// <summary>A guest that runs commands of the program on its own live machine, and ends.</summary>
internal static class LiveGuest
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(240);

    /// <summary>Runs commands, one after the other; each has a result.</summary>
    internal static List<ProgramResult> Run(TestKernel kernel, params string[] commands) =>
        Run(kernel, new LiveGuestSetup(), commands);

    /// <summary>The same in a guest that is made so.</summary>
    internal static List<ProgramResult> Run(TestKernel kernel, LiveGuestSetup setup, params string[] commands)
    {
        using var folder = new TemporaryFolder();
        SecureBoot? secureBoot = setup.HasSecureBoot ? SecureBoot.Prepare(kernel.Image, folder) : null;
        string image = secureBoot?.SignedKernel ?? kernel.Image;
        var tree = new KernelTree
        {
            ImagePath = image,
            ModulesFolder = kernel.Modules,
            ConfigPath = kernel.Config,
            Origin = "a test",
        };
        string ramdisk = folder.File("ramdisk");
        var plan = new GuestPlan { Mode = GuestMode.Commands, Commands = string.Join('\n', commands) };
        File.WriteAllBytes(ramdisk, Ramdisk(tree, setup, plan).Content.Span);
        using var guest = GuestMachine.Start(TestMachine.Oracle("qemu-system-x86_64"), new GuestConfiguration
        {
            KernelPath = image,
            RamdiskPath = ramdisk,
            FirmwarePath = secureBoot?.Firmware,
            FirmwareVariablesPath = secureBoot?.Variables,
            CommandLine = $"console=ttyS0 loglevel=3 panic=-1 {setup.Append}",
            Memory = ByteCount.FromMiB(setup.MemoryMiB),
            Cpus = 2,
            Accelerator = Accelerator.Emulation,
        }, TimeProvider.System);
        return Read(guest, commands.Length);
    }

    private static RamdiskImage Ramdisk(KernelTree tree, LiveGuestSetup setup, GuestPlan plan)
    {
        var ramdisks = new GuestRamdisks(TestMachine.Program, tree);
        if (!setup.WithCaptureKernel)
        {
            return ramdisks.BuildAlone(plan);
        }

        byte[] kernel = File.ReadAllBytes(tree.ImagePath);
        setup.Change(kernel);
        // It is loaded only: a small one that builds fast does as well as one that captures.
        return ramdisks.BuildGuest(plan, kernel, ramdisks.BuildAlone(plan));
    }

    private static List<ProgramResult> Read(GuestMachine guest, int commands)
    {
        var results = new List<ProgramResult>();
        var lines = new List<string>();
        while (results.Count < commands)
        {
            Assert.True(
                guest.TryReadLine(out ConsoleLine? line, Deadline - guest.Elapsed, TestContext.Current.CancellationToken)
                    && line is not null,
                $"the guest ended, or takes too long, after: {string.Join('\n', lines.TakeLast(20))}");
            string text = line!.Text;
            if (text == $"{GuestMilestones.Prefix}{GuestMilestones.Command} {results.Count}")
            {
                lines.Clear();
                continue;
            }

            string ended = $"{GuestMilestones.Prefix}{GuestMilestones.CommandEnded} {results.Count} ";
            if (text.StartsWith(ended, StringComparison.Ordinal))
            {
                int code = int.Parse(text[ended.Length..], System.Globalization.CultureInfo.InvariantCulture);
                results.Add(new ProgramResult(code, string.Join('\n', lines), ""));
                continue;
            }

            lines.Add(text);
        }

        return results;
    }
}
