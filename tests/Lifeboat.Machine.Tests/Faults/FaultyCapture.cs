using System.Globalization;
using Lifeboat.Capture;
using Lifeboat.Capture.ConsoleBlocks;
using Lifeboat.Capture.Network;
using Lifeboat.Capture.Ramdisk;
using Lifeboat.Capture.Settings;
using Lifeboat.Capture.Targets;
using Lifeboat.Core.Memory;
using Lifeboat.Drill.Guests;
using Lifeboat.Drill.Inside;
using Lifeboat.Drill.Kernels;

namespace Lifeboat.Machine.Tests.Faults;

/// <summary>A guest that crashes and is captured while a test does something to it.</summary>
internal sealed record FaultyCapture
{
    /// <summary>What the first kernel does.</summary>
    public required GuestPlan Plan { get; init; }

    /// <summary>The settings in the capture ramdisk, a directive a line; poweroff at the end is added.</summary>
    public required string Settings { get; init; }

    /// <summary>Further arguments of QEMU: the disks.</summary>
    public IReadOnlyList<string> Devices { get; init; } = [];

    /// <summary>Arguments of QEMU for the cards; null for the usual one, where a target is on another host.</summary>
    public IReadOnlyList<string>? Cards { get; init; }

    /// <summary>The way to a target's host that the capture kernel is to go.</summary>
    public Func<string, NetworkPlan> PlanFor { get; init; } = static host => GuestNetwork.PlanFor(host, HostAddresses.Of);

    /// <summary>The release of the kernel begins so.</summary>
    public string Series { get; init; } = "6.1";

    /// <summary>How long it may take.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(400);

    /// <summary>The reservation.</summary>
    public string CrashKernel { get; init; } = "128M";

    /// <summary>The guest's memory in MiB.</summary>
    public ulong MemoryMiB { get; init; } = 768;

    /// <summary>A socket file for QEMU's debugger port; null for none.</summary>
    public string? DebuggerSocket { get; init; }

    /// <summary>What the capture kernel is told for <see cref="Panic"/>.</summary>
    internal const string PanicsWhenAsked = "unknown_nmi_panic";

    /// <summary>Arguments of QEMU for disks: vda, vdb ...</summary>
    internal static string[] Drives(params IEnumerable<string> images) => [.. images.SelectMany(static (image, number) => new[]
    {
        "-drive", string.Create(CultureInfo.InvariantCulture, $"file={image},if=none,id=disk{number},format=raw,cache=unsafe"),
        "-device", string.Create(CultureInfo.InvariantCulture, $"virtio-blk-pci,drive=disk{number}"),
    })];

    /// <summary>Runs it to its end and gives the console.</summary>
    /// <param name="onLine">Told every line as it comes.</param>
    internal List<string> Run(Action<GuestMachine, string>? onLine = null)
    {
        using var folder = new TemporaryFolder();
        TestKernel kernel = TestMachine.Kernel(Series);
        var settings = CaptureSettings.Parse($"{Settings}\npath /crash\nfinal_action poweroff\nfailure_action poweroff\n", "the test's settings");
        string ramdisk = folder.File("ramdisk");
        File.WriteAllBytes(ramdisk, Ramdisk(kernel, settings));
        using var guest = GuestMachine.Start(TestMachine.Oracle("qemu-system-x86_64"), new GuestConfiguration
        {
            KernelPath = kernel.Image,
            RamdiskPath = ramdisk,
            CommandLine = $"console=ttyS0 loglevel=5 panic=5 crashkernel={CrashKernel}",
            Memory = ByteCount.FromMiB(MemoryMiB),
            Cpus = 2,
            Accelerator = Accelerator.Emulation,
            DebuggerSocket = DebuggerSocket,
            HasNetwork = Cards is null && settings.Targets.Any(static target => target.Host is not null),
            MoreArguments = [.. Devices, .. Cards ?? []],
        }, TimeProvider.System);
        var lines = new List<string>();
        while (guest.TryReadLine(out ConsoleLine? line, Limit - guest.Elapsed, TestContext.Current.CancellationToken))
        {
            if (line is null)
            {
                Assert.True(lines.Count > 0, guest.QemuMessages());
                TestContext.Current.TestOutputHelper?.WriteLine(Readable(lines));
                return lines;
            }

            lines.Add(line.Text);
            onLine?.Invoke(guest, line.Text);
        }

        Assert.Fail($"the guest takes too long after:\n{Readable(lines)}");
        return lines;
    }

    /// <summary>Whether a line of the console tells this milestone.</summary>
    internal static bool Tells(string line, CaptureMilestone milestone) =>
        CaptureMilestones.TryParse(line, out CaptureMilestoneLine told) && told.Milestone == milestone;

    /// <summary>All of a console's lines for people.</summary>
    internal static string Said(IEnumerable<string> console) => string.Join('\n', console.Where(static line => !ConsoleBlockReader.IsRecord(line)));

    /// <summary>What a failing test shows of them: the last.</summary>
    internal static string Readable(IEnumerable<string> console) => string.Join('\n', Said(console).Split('\n').TakeLast(60));

    /// <summary>
    /// Has the kernel that runs panic now, as a machine's crash button does. That is the one panic which comes through whatever
    /// locks the kernel holds: one that dies of its own in the console's driver may hang before it has said so.
    /// </summary>
    internal static void Panic(string debuggerSocket)
    {
        using DebuggerPort port = DebuggerPort.Open(debuggerSocket);
        port.Monitor("nmi");
    }

    private byte[] Ramdisk(TestKernel kernel, CaptureSettings settings)
    {
        var tree = new KernelTree
        {
            ImagePath = kernel.Image,
            ModulesFolder = kernel.Modules,
            ConfigPath = kernel.Config,
            Origin = "a test",
        };
        var ramdisks = new GuestRamdisks(TestMachine.Program, tree);
        CaptureNeeds needs = CaptureNeeds.Of(settings, new BlockDeviceFinder(TimeProvider.System), (host, _) => PlanFor(host));
        RamdiskImage capture = ramdisks.BuildCapture(System.Text.Encoding.UTF8.GetBytes(settings.ToText()), needs.Modules, needs.Files);
        return ramdisks.BuildGuest(Plan, File.ReadAllBytes(kernel.Image), capture).Content.ToArray();
    }
}
