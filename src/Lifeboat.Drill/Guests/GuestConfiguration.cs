using Lifeboat.Core.Memory;

namespace Lifeboat.Drill.Guests;

/// <summary>The virtual machine that a guest runs in.</summary>
public sealed record GuestConfiguration
{
    /// <summary>Kernel image.</summary>
    public required string KernelPath { get; init; }

    /// <summary>Ramdisk.</summary>
    public required string RamdiskPath { get; init; }

    /// <summary>The kernel's command line.</summary>
    public required string CommandLine { get; init; }

    /// <summary>Disk image, attached by virtio; null for none.</summary>
    public string? DiskPath { get; init; }

    /// <summary>Memory.</summary>
    public required ByteCount Memory { get; init; }

    /// <summary>Processors.</summary>
    public required int Cpus { get; init; }

    /// <summary>Processors that it may come to have.</summary>
    public int MaxCpus { get; init; }

    /// <summary>A firmware image instead of QEMU's BIOS; null for that.</summary>
    public string? FirmwarePath { get; init; }

    /// <summary>
    /// The firmware's variables, which the guest may change: <see cref="FirmwarePath"/> is then code for a flash device, and
    /// nothing but it writes them, as Secure Boot needs it. Null for firmware that is one image.
    /// </summary>
    public string? FirmwareVariablesPath { get; init; }

    /// <summary>Whether it has the network of <see cref="GuestNetwork"/>.</summary>
    public bool HasNetwork { get; init; }

    /// <summary>What runs the guest's instructions.</summary>
    public required Accelerator Accelerator { get; init; }

    /// <summary>A socket file for QEMU's debugger port; null for none.</summary>
    public string? DebuggerSocket { get; init; }

    /// <summary>Further arguments of QEMU: devices that only a test has.</summary>
    public IReadOnlyList<string> MoreArguments { get; init; } = [];

    /// <summary>The arguments of qemu-system-x86_64 for this machine.</summary>
    public IEnumerable<string> ToQemuArguments()
    {
        yield return "-nodefaults";
        yield return "-display";
        yield return "none";
        yield return "-no-reboot";

        // One thread for all emulated CPUs: a kernel that patches its own code while another CPU runs it has been seen to meet a
        // breakpoint of the patching that was gone already (an oops at boot), and drills take no longer.
        foreach (string argument in Accelerator == Accelerator.Kvm
            ? new[] { "-accel", "kvm", "-cpu", "host" }
            : ["-accel", "tcg,thread=single", "-cpu", MaxCpus > Cpus ? "max,-hypervisor" : "max"])
        {
            yield return argument;
        }

        yield return "-m";
        yield return $"{Memory.MiBRoundedUp}M";
        yield return "-smp";
        yield return MaxCpus > Cpus ? $"{Cpus},maxcpus={MaxCpus},sockets={MaxCpus},cores=1,threads=1" : $"{Cpus}";
        if (MaxCpus > Cpus && Accelerator == Accelerator.Emulation)
        {
            // From 6.12.y on a kernel leaves room for CPUs to come only in virtual machines that it knows. Emulation is none of
            // them: by this serial number, and QEMU's port of the same maker, it is.
            yield return "-smbios";
            yield return "type=1,serial=VMware-0";
        }

        foreach (string argument in FirmwarePath is null ? []
            : FirmwareVariablesPath is null ? ["-bios", FirmwarePath]
            : new[]
            {
                "-machine", "q35,smm=on",
                "-global", "driver=cfi.pflash01,property=secure,value=on",
                "-drive", $"file={Escape(FirmwarePath)},if=pflash,unit=0,format=raw,readonly=on",
                "-drive", $"file={Escape(FirmwareVariablesPath)},if=pflash,unit=1,format=raw",
            })
        {
            yield return argument;
        }

        yield return "-kernel";
        yield return KernelPath;
        yield return "-initrd";
        yield return RamdiskPath;
        yield return "-append";

        // An emulated guest on a busy machine loses ticks of its clock while the kernel tries whether that runs, and panics.
        yield return Accelerator == Accelerator.Emulation ? $"no_timer_check {CommandLine}" : CommandLine;
        yield return "-serial";
        yield return "stdio";
        if (DiskPath is not null)
        {
            // The disk lives as long as the drill: what the guest flushes need not reach the host's disk.
            yield return "-drive";
            yield return $"file={Escape(DiskPath)},if=none,id=target,format=raw,cache=unsafe";
            yield return "-device";
            yield return "virtio-blk-pci,drive=target";
        }

        if (HasNetwork)
        {
            yield return "-netdev";
            yield return "user,id=net";
            yield return "-device";
            yield return $"virtio-net-pci,netdev=net,romfile=,mac={GuestNetwork.Mac}";
        }

        if (DebuggerSocket is not null)
        {
            yield return "-gdb";
            yield return $"unix:path={Escape(DebuggerSocket)},server=on,wait=off";
        }

        foreach (string argument in MoreArguments)
        {
            yield return argument;
        }
    }

    // A comma parts the settings of one argument; two of them are one comma of a value.
    private static string Escape(string path) => path.Replace(",", ",,", StringComparison.Ordinal);
}
