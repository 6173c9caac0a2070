using System.Text.Json;
using Lifeboat.Core.Memory;
using Lifeboat.Drill.Inside;
using Lifeboat.Drill.Kernels;

namespace Lifeboat.Drill.Guests;

/// <summary>
/// Finds out whether KVM works here by booting a guest with it, under a deadline: a /dev/kvm that exists may still hang
/// every guest (nested virtualisation without support). The answer is kept for this boot of the host.
/// </summary>
/// <param name="qemu">QEMU's path.</param>
/// <param name="cacheFolder">Where the answer is kept.</param>
/// <param name="time">Measures the deadline.</param>
internal sealed class AcceleratorProbe(string qemu, string cacheFolder, TimeProvider time)
{
    private const string KvmDevice = "/dev/kvm";
    private const string BootIdFile = "/proc/sys/kernel/random/boot_id";

    /// <summary>How long a guest under KVM may take to its init. A working one takes one to three seconds.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    /// <summary>Chooses the accelerator.</summary>
    /// <param name="allowKvm">Whether KVM may be used at all.</param>
    /// <param name="kernel">The kernel to probe with.</param>
    /// <param name="ramdisks">Builds the probe's ramdisk.</param>
    /// <param name="workFolder">A folder for the probe's files.</param>
    /// <param name="note">Told that a probe is running.</param>
    /// <param name="cancellation">Ends the probe.</param>
    public AcceleratorChoice Choose(
        bool allowKvm, KernelTree kernel, GuestRamdisks ramdisks, string workFolder, Action<string> note,
        CancellationToken cancellation)
    {
        if (!allowKvm)
        {
            return new(Accelerator.Emulation, "asked for");
        }

        if (!File.Exists(KvmDevice))
        {
            return new(Accelerator.Emulation, $"there is no {KvmDevice}");
        }

        if (!CanOpen(KvmDevice))
        {
            return new(Accelerator.Emulation, $"{KvmDevice} cannot be opened by this user");
        }

        string answerFile = Path.Combine(cacheFolder, "kvm-probe.json");
        string bootId = File.Exists(BootIdFile) ? File.ReadAllText(BootIdFile).Trim() : "";
        if (ReadAnswer(answerFile) is { } kept && kept.BootId == bootId && kept.Qemu == qemu)
        {
            return ToChoice(kept);
        }

        note($"probing whether KVM works here (at most {Deadline.TotalSeconds:0} s, once per boot of this machine)");
        var answer = new KvmProbeAnswer(bootId, qemu, Boots(kernel, ramdisks, workFolder, cancellation, out string reason), reason);
        Remember(answer, answerFile);
        return ToChoice(answer);
    }

    // An answer that cannot be kept is found again the next time.
    private static void Remember(KvmProbeAnswer answer, string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(answer, ProbeJsonContext.Default.KvmProbeAnswer));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }

    private static bool CanOpen(string device)
    {
        try
        {
            using FileStream stream = File.Open(device, FileMode.Open, FileAccess.ReadWrite);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static AcceleratorChoice ToChoice(KvmProbeAnswer answer) =>
        new(answer.Works ? Accelerator.Kvm : Accelerator.Emulation, answer.Reason);

    private static KvmProbeAnswer? ReadAnswer(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), ProbeJsonContext.Default.KvmProbeAnswer);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private bool Boots(
        KernelTree kernel, GuestRamdisks ramdisks, string workFolder, CancellationToken cancellation, out string reason)
    {
        string ramdisk = Path.Combine(workFolder, "probe-ramdisk");
        File.WriteAllBytes(ramdisk, ramdisks.BuildProbe().Content.Span);
        using GuestMachine guest = GuestMachine.Start(qemu, new GuestConfiguration
        {
            KernelPath = kernel.ImagePath,
            RamdiskPath = ramdisk,
            CommandLine = "console=ttyS0 panic=-1",
            Memory = ByteCount.FromMiB(512),
            Cpus = 1,
            Accelerator = Accelerator.Kvm,
        }, time);
        while (guest.TryReadLine(out ConsoleLine? line, Deadline - guest.Elapsed, cancellation))
        {
            if (line is null)
            {
                reason = $"QEMU ended under KVM: {guest.QemuMessages().Split('\n')[0]}";
                return false;
            }

            if (line.Text.Contains(GuestMilestones.Prefix + GuestMilestones.Up, StringComparison.Ordinal))
            {
                reason = "a probe guest booted with it";
                return true;
            }
        }

        reason = $"a probe guest under KVM did not come up within {Deadline.TotalSeconds:0} s";
        return false;
    }
}
