using System.Globalization;
using Lifeboat.Capture.Ramdisk;
using Lifeboat.Core.Memory;
using Lifeboat.Drill.Guests;
using Lifeboat.Drill.Inside;
using Lifeboat.Drill.Kernels;
using Lifeboat.Drill.Tools;

namespace Lifeboat.Machine.Tests;

/// <summary>Reboots without the firmware, of a real kernel into another.</summary>
public sealed class RebootTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(240);

    /// <summary>
    /// The way there by the 64-bit entry, the way back by the 32-bit one. With UEFI each hands on what the next needs to call the
    /// firmware: only a kernel that was given it has the map of the firmware's services, in a place that was chosen once.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_kernel_starts_another_which_starts_the_first_again(bool uefi)
    {
        TestKernel older = TestMachine.Kernel("6.1");
        TestKernel newer = TestMachine.Kernel("6.12");
        const string Boot = $"boot {GuestPlan.KernelPath} --initrd {GuestPlan.RamdiskPath} --now";
        byte[] last = Ramdisk(older, "describe --output /run/here --json");
        byte[] middle = Ramdisk(newer, $"{Boot} --entry-32bit --append lifeboat.third", Next(older, last));
        byte[] first = Ramdisk(older, $"{Boot} --append lifeboat.second", Next(newer, middle));

        using var folder = new TemporaryFolder();
        string ramdisk = folder.File("ramdisk");
        File.WriteAllBytes(ramdisk, first);
        using var guest = GuestMachine.Start(TestMachine.Oracle("qemu-system-x86_64"), new GuestConfiguration
        {
            KernelPath = older.Image,
            RamdiskPath = ramdisk,
            CommandLine = "console=ttyS0 panic=-1",
            Memory = ByteCount.FromMiB(1024),
            Cpus = 2,
            FirmwarePath = uefi ? UefiFirmware.Find() : null,
            Accelerator = Accelerator.Emulation,
        }, TimeProvider.System);
        List<ConsoleLine> lines = ReadToEnd(guest);
        string console = string.Join('\n', lines.ConvertAll(line => line.Text));

        // Each kernel says its name and its command line as it starts.
        List<ConsoleLine> kernels = lines.FindAll(line => line.Text.Contains("] Linux version ", StringComparison.Ordinal));
        Assert.True(kernels.Count == 3, console);
        Assert.Contains(older.Release, kernels[0].Text, StringComparison.Ordinal);
        Assert.Contains(newer.Release, kernels[1].Text, StringComparison.Ordinal);
        Assert.Contains(older.Release, kernels[2].Text, StringComparison.Ordinal);
        Assert.Contains("console=ttyS0 panic=-1 lifeboat.second lifeboat.third", console, StringComparison.Ordinal);
        Assert.True(
            console.Contains($"{GuestMilestones.Prefix}{GuestMilestones.CommandEnded} 0 0", StringComparison.Ordinal),
            string.Join('\n', lines.TakeLast(30).Select(static line => line.Text)));

        Assert.Equal(uefi ? 3 : 0, lines.Count(static line => line.Text.Contains("efi: EFI v", StringComparison.Ordinal)));
        Assert.Equal(uefi, console.Contains("sys/firmware/efi/runtime-map/0/virt_addr", StringComparison.Ordinal));

        // Purgatory's line is the last of a kernel's life; the init's first is the next one's.
        List<ConsoleLine> jumps = lines.FindAll(line => line.Text.Contains("starting the next kernel", StringComparison.Ordinal));
        List<ConsoleLine> inits = lines.FindAll(line => line.Text == $"{GuestMilestones.Prefix}{GuestMilestones.Command} 0");
        Assert.Equal((2, 3), (jumps.Count, inits.Count));
        for (int i = 0; i < jumps.Count; i++)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"jump {i + 1}: {(inits[i + 1].At - jumps[i].At).TotalSeconds:0.0} s to init; "
                    + $"the firmware's way took {inits[0].At.TotalSeconds:0.0} s"));
        }
    }

    private static byte[] Ramdisk(TestKernel kernel, string command, params RamdiskFile[] files)
    {
        var tree = new KernelTree
        {
            ImagePath = kernel.Image,
            ModulesFolder = kernel.Modules,
            ConfigPath = kernel.Config,
            Origin = "a test",
        };
        return new GuestRamdisks(TestMachine.Program, tree)
            .BuildAlone(new GuestPlan { Mode = GuestMode.Commands, Commands = command }, files).Content.ToArray();
    }

    private static RamdiskFile[] Next(TestKernel kernel, byte[] ramdisk) =>
    [
        RamdiskFile.FromBytes(GuestPlan.KernelPath, File.ReadAllBytes(kernel.Image)),
        RamdiskFile.FromBytes(GuestPlan.RamdiskPath, ramdisk),
    ];

    private static List<ConsoleLine> ReadToEnd(GuestMachine guest)
    {
        var lines = new List<ConsoleLine>();
        while (guest.TryReadLine(out ConsoleLine? line, Deadline - guest.Elapsed, TestContext.Current.CancellationToken) && line is not null)
        {
            lines.Add(line);
        }

        return lines;
    }
}
