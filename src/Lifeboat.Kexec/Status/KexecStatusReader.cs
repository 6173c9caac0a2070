using System.Globalization;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Machine;
using Lifeboat.Kexec.Reservation;

namespace Lifeboat.Kexec.Status;

/// <summary>Reads a <see cref="KexecStatus"/>; nothing that is missing or unreadable ends it.</summary>
internal static class KexecStatusReader
{
    private const int CapSysBoot = 22;

    internal static KexecStatus Read(SystemTree tree)
    {
        string? release = tree.TryReadText("proc/sys/kernel/osrelease")?.Trim();
        IReadOnlyList<PhysicalRange> reservations = ReadReservations(tree);
        long? crashLoaded = Either(tree, "crash_loaded", "kexec_crash_loaded");
        long? crashSize = Either(tree, "crash_size", "kexec_crash_size");
        KernelConfiguration? config = release is null ? null : KernelConfiguration.Read(tree, release);
        return new KexecStatus
        {
            Release = release,
            Reservations = reservations,
            ReservationSize = crashSize is >= 0 ? new ByteCount((ulong)crashSize.Value)
                : reservations.Count == 0 ? null
                : reservations.Aggregate(ByteCount.Zero, (sum, range) => sum + range.Length),
            CrashImageLoaded = Flag(crashLoaded),
            BootImageLoaded = Flag(Either(tree, "loaded", "kexec_loaded")),
            KernelHasKexec = crashLoaded is not null,
            KernelHasKexecLoad = config?.Has("CONFIG_KEXEC"),
            KernelHasKexecFileLoad = config?.Has("CONFIG_KEXEC_FILE"),
            Signatures = config is null ? null
                : config.Has("CONFIG_KEXEC_SIG_FORCE") ? SignaturePolicy.Required
                : config.Has("CONFIG_KEXEC_SIG") ? SignaturePolicy.RequiredUnderLockdown
                : SignaturePolicy.None,
            SecureBoot = ReadSecureBoot(tree),
            HotplugHeaderSize = FirmwareReader.ReadElfCoreHeaderSize(tree),
            HotplugUpdates = Flag(tree.TryReadNumber("sys/devices/system/cpu/crash_hotplug")),
            CmaRanges = FirmwareReader.ReadCrashCma(tree),
            AsksForCma = CrashKernelLine.OfCommandLine(tree.TryReadText("proc/cmdline")?.Trim() ?? "").Last(CrashKernelKind.Cma) is not null,
            KexecLoadDisabled = Flag(tree.TryReadNumber("proc/sys/kernel/kexec_load_disabled")),
            LoadLimitPanic = tree.TryReadNumber("proc/sys/kernel/kexec_load_limit_panic"),
            LoadLimitReboot = tree.TryReadNumber("proc/sys/kernel/kexec_load_limit_reboot"),
            Lockdown = ReadLockdown(tree),
            HasSysBootCapability = ReadCapability(tree),
            PanicKnobs = PanicKnobs.Read(tree),

            // A kernel that shows its /sys but nothing of kexec there has none.
            Road = PanicRoad.From(PanicSettings.Read(tree),
                Flag(crashLoaded) ?? (Path.Exists(tree.PathOf("sys/kernel/mm")) ? false : null)),
            LastDrill = LastDrill.Load(tree.PathOf(LastDrill.DefaultPath)),
        };
    }

    /// <summary>The file's new place, in a folder of its own in newer kernels, or the old one.</summary>
    private static long? Either(SystemTree tree, string name, string oldName) =>
        tree.TryReadNumber($"sys/kernel/kexec/{name}") ?? tree.TryReadNumber($"sys/kernel/{oldName}");

    private static bool? Flag(long? number) => number is null ? null : number != 0;

    private static IReadOnlyList<PhysicalRange> ReadReservations(SystemTree tree)
    {
        try
        {
            return tree.TryReadText("proc/iomem") is { } text
                ? IomemMap.Parse(text).Reservations
                : [];
        }
        catch (DiagnosticException)
        {
            // Hidden from this user: the size is told elsewhere.
            return [];
        }
    }

    /// <summary>
    /// The file lists all modes and brackets the one in force: <c>[none] integrity confidentiality</c>.
    /// </summary>
    private static string? ReadLockdown(SystemTree tree)
    {
        string? text = tree.TryReadText("sys/kernel/security/lockdown") ?? LockdownOfCommandLine(tree);
        int start = text?.IndexOf('[', StringComparison.Ordinal) ?? -1;
        int end = text?.IndexOf(']', StringComparison.Ordinal) ?? -1;
        return start >= 0 && end > start ? text![(start + 1)..end] : null;
    }

    /// <summary>Where securityfs is not mounted, the command line tells at least what was asked for.</summary>
    private static string? LockdownOfCommandLine(SystemTree tree)
    {
        const string Key = "lockdown=";
        foreach (string word in tree.TryReadText("proc/cmdline")?.Split(' ', StringSplitOptions.TrimEntries) ?? [])
        {
            if (word is $"{Key}integrity" or $"{Key}confidentiality")
            {
                return $"[{word[Key.Length..]}]";
            }
        }

        return null;
    }

    /// <summary>The variable of the firmware's global GUID: four bytes of attributes, then 1 or 0.</summary>
    private static bool? ReadSecureBoot(SystemTree tree) =>
        tree.TryReadStart("sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c", 5).Span
            is [_, _, _, _, var value] ? value == 1 : null;

    private static bool? ReadCapability(SystemTree tree)
    {
        const string Key = "CapEff:";
        string? line = tree.TryReadText("proc/self/status")?.Split('\n')
            .FirstOrDefault(line => line.StartsWith(Key, StringComparison.Ordinal));
        return line is not null && ulong.TryParse(line.AsSpan(Key.Length).Trim(), NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture, out ulong set)
            ? (set >> CapSysBoot & 1) != 0
            : null;
    }
}
