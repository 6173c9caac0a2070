using System.Globalization;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Machine;

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
            KernelHasKexecLoad = release is null ? null : ReadConfig(tree, release),
            KexecLoadDisabled = Flag(tree.TryReadNumber("proc/sys/kernel/kexec_load_disabled")),
            LoadLimitPanic = tree.TryReadNumber("proc/sys/kernel/kexec_load_limit_panic"),
            LoadLimitReboot = tree.TryReadNumber("proc/sys/kernel/kexec_load_limit_reboot"),
            Lockdown = ReadLockdown(tree),
            HasSysBootCapability = ReadCapability(tree),
            PanicKnobs = PanicKnobs.Read(tree),
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

    private static bool? ReadConfig(SystemTree tree, string release) =>
        tree.TryReadText($"boot/config-{Path.GetFileName(release)}")?.Split('\n').Contains("CONFIG_KEXEC=y");

    /// <summary>
    /// The file lists all modes and brackets the one in force: <c>[none] integrity confidentiality</c>.
    /// </summary>
    private static string? ReadLockdown(SystemTree tree)
    {
        string? text = tree.TryReadText("sys/kernel/security/lockdown");
        int start = text?.IndexOf('[', StringComparison.Ordinal) ?? -1;
        int end = text?.IndexOf(']', StringComparison.Ordinal) ?? -1;
        return start >= 0 && end > start ? text![(start + 1)..end] : null;
    }

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
