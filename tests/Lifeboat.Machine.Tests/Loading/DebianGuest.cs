using System.Runtime.CompilerServices;
using Lifeboat.Capture.Modules;
using Lifeboat.Core.Archives;
using Lifeboat.Core.Memory;
using Lifeboat.Drill.Guests;
using Lifeboat.Drill.Inside;
using Lifeboat.Drill.Kernels;

namespace Lifeboat.Machine.Tests.Loading;

/// <summary>
/// A guest of Debian with systemd, kexec-tools and kdump-tools (eng/debian-root.sh), its kexec a link to this program, that runs a
/// shell script and ends. A kernel started from it runs this program as its only process.
/// </summary>
internal static class DebianGuest
{
    /// <summary>What the kernel that is started next prints once it runs.</summary>
    internal const string NextKernelRuns = $"{GuestMilestones.Prefix}{GuestMilestones.CommandEnded} 0 0";

    /// <summary>The ramdisk for a kernel that is started from the guest, beside the script.</summary>
    internal const string NextRamdisk = "/lib/test/next";

    /// <summary>A ramdisk of 8 MB for a capture kernel that never runs.</summary>
    internal const string IdleRamdisk = "/lib/test/idle";

    /// <summary>A line of the script's output at which the guest is given a CPU, when it <c>refreshes</c>.</summary>
    internal const string AddCpu = "@@ a CPU is wanted";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(800);

    /// <summary>Runs a script, whose output is the console's, and gives all of the console.</summary>
    /// <param name="kernel">The guest's kernel, which lies in its /boot.</param>
    /// <param name="script">Lines of a shell; <c>run COMMAND...</c> prints the command and its exit code around its output.</param>
    /// <param name="append">Added to the guest's command line.</param>
    /// <param name="refreshes">Whether the udev rule and the units of this program are installed, not started, in a machine that can
    /// be given a CPU.</param>
    internal static List<string> Run(TestKernel kernel, string script, string append, bool refreshes = false)
    {
        using var folder = new TemporaryFolder();
        using GuestMachine guest = Start(kernel, folder, script, new DebianGuestSetup { Append = append, Refreshes = refreshes });
        return Read(guest, line =>
        {
            if (line == AddCpu)
            {
                using DebuggerPort port = DebuggerPort.Open(DebuggerOf(folder));
                port.Monitor("device_add max-x86_64-cpu,id=added,socket-id=2,core-id=0,thread-id=0");
            }

            return true;
        });
    }

    /// <summary>Starts a guest that runs a script, and needs files of a folder while it lives.</summary>
    internal static GuestMachine Start(TestKernel kernel, TemporaryFolder folder, string script, DebianGuestSetup setup)
    {
        string ramdisk = folder.File("ramdisk");
        using (FileStream stream = File.Create(ramdisk))
        {
            using (FileStream root = File.OpenRead(TestMachine.DebianRoot))
            {
                root.CopyTo(stream);
            }

            Add(new CpioWriter(stream), kernel, script, setup);
        }

        return GuestMachine.Start(TestMachine.Oracle("qemu-system-x86_64"), new GuestConfiguration
        {
            KernelPath = kernel.Image,
            RamdiskPath = ramdisk,
            CommandLine = $"console=ttyS0 loglevel=3 panic=-1 systemd.show_status=0 systemd.wants=lifeboat-test.service {setup.Append}",
            Memory = ByteCount.FromMiB(2048),
            Cpus = 2,
            MaxCpus = setup.Refreshes ? 3 : 2,
            DebuggerSocket = setup.Refreshes ? DebuggerOf(folder) : null,
            Accelerator = Accelerator.Emulation,
            MoreArguments = setup.Arguments,
        }, TimeProvider.System);
    }

    /// <summary>Gives the console until the guest ends, or a line says that it is enough.</summary>
    internal static List<string> Read(GuestMachine guest, Func<string, bool> onLine)
    {
        var lines = new List<string>();
        while (guest.TryReadLine(out ConsoleLine? line, Deadline - guest.Elapsed, TestContext.Current.CancellationToken))
        {
            if (line is null)
            {
                return lines;
            }

            lines.Add(line.Text);
            if (!onLine(line.Text))
            {
                return lines;
            }
        }

        Assert.Fail($"the guest takes too long after:\n{string.Join('\n', lines.TakeLast(30))}");
        return lines;
    }

    private static string DebuggerOf(TemporaryFolder folder) => folder.File("debugger");

    private static void Add(CpioWriter archive, TestKernel kernel, string script, DebianGuestSetup setup)
    {
        const int Executable = 0x1ED;
        const int Readable = 0x1A4;
        archive.AddDirectory("boot");
        archive.AddFile($"boot/vmlinuz-{kernel.Release}", File.ReadAllBytes(kernel.Image), Readable);
        archive.AddFile($"boot/config-{kernel.Release}", File.ReadAllBytes(kernel.Config), Readable);
        archive.AddFile("usr/sbin/lifeboat", File.ReadAllBytes(TestMachine.Program), Executable);
        archive.AddDirectory("lib/test");
        archive.AddFile(NextRamdisk[1..], NextKernel(kernel), Readable);
        archive.AddFile(IdleRamdisk[1..], new byte[8 << 20], Readable);
        archive.AddFile("lib/test/script", System.Text.Encoding.UTF8.GetBytes(
            $"""
            #!/bin/sh
            exec >/dev/ttyS0 2>&1
            run() {'{'} echo "@@ $*"; "$@"; echo "@@ = $?"; {'}'}
            {script}
            poweroff -f
            """), Executable);
        archive.AddFile("etc/systemd/system/lifeboat-test.service", """
            [Unit]
            After=kdump-tools.service
            [Service]
            Type=oneshot
            ExecStart=/lib/test/script
            """u8, Readable);

        // What Debian's hook does when a kernel is installed: the capture ramdisk, and the settings that it was made with.
        archive.AddDirectory("etc/systemd/system/kdump-tools.service.d");
        archive.AddFile("etc/systemd/system/kdump-tools.service.d/prepared.conf", """
            [Service]
            ExecStartPre=/bin/sh -c 'cp /etc/kdump/sysctl.conf /var/lib/kdump/latest_sysctls-$$(uname -r)'
            ExecStartPre=/bin/sh -c 'cp /lib/test/idle /var/lib/kdump/initrd.img-$$(uname -r)'
            """u8, Readable);
        AddModules(archive, kernel, setup.Modules);
        if (setup.Refreshes)
        {
            string root = Root();
            archive.AddFile("etc/udev/rules.d/98-lifeboat.rules", File.ReadAllBytes(Path.Combine(root, "udev/98-lifeboat.rules")), Readable);
            foreach (string unit in (string[])["lifeboat-refresh.path", "lifeboat-refresh.service"])
            {
                archive.AddFile($"etc/systemd/system/{unit}", File.ReadAllBytes(Path.Combine(root, "systemd", unit)), Readable);
            }
        }

        archive.Finish();
    }

    private static void AddModules(CpioWriter archive, TestKernel kernel, IReadOnlyList<string> names)
    {
        const int Readable = 0x1A4;
        if (names.Count == 0)
        {
            return;
        }

        string[] indexes = Directory.GetFiles(kernel.Modules, "modules.*");
        List<string> files = [.. indexes, .. ModuleTree.Open(kernel.Modules).Resolve(names).LoadOrder.Select(static module => module.Path)];
        var folders = new SortedSet<string>(StringComparer.Ordinal) { "lib/modules" };
        foreach (string file in files)
        {
            for (string? at = Path.GetDirectoryName(PlaceOf(file)); at is not null && at != "lib/modules"; at = Path.GetDirectoryName(at))
            {
                folders.Add(at);
            }
        }

        foreach (string folder in folders)
        {
            archive.AddDirectory(folder);
        }

        foreach (string file in files)
        {
            archive.AddFile(PlaceOf(file), File.ReadAllBytes(file), Readable);
        }

        string PlaceOf(string file) => $"lib/modules/{kernel.Release}/{Path.GetRelativePath(kernel.Modules, file)}";
    }

    private static string Root([CallerFilePath] string caller = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(caller)!, "..", "..", ".."));

    private static ReadOnlySpan<byte> NextKernel(TestKernel kernel)
    {
        var tree = new KernelTree
        {
            ImagePath = kernel.Image,
            ModulesFolder = kernel.Modules,
            ConfigPath = kernel.Config,
            Origin = "a test",
        };
        var plan = new GuestPlan { Mode = GuestMode.Commands, Commands = "--version" };
        return new GuestRamdisks(TestMachine.Program, tree).BuildAlone(plan).Content.Span;
    }
}
