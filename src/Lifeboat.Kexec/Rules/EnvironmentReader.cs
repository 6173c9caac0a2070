using System.Globalization;
using System.IO.Compression;
using Lifeboat.Kexec.Machine;

namespace Lifeboat.Kexec.Rules;

/// <summary>Reads what of a machine is not its memory; nothing that is missing or unreadable ends it.</summary>
internal static class EnvironmentReader
{
    private const int CapSysBoot = 22;
    private const int MaxConfig = 4 << 20;

    /// <summary>The firmware's variable: four bytes of attributes, then 0 or 1.</summary>
    private const string SecureBootVariable =
        "sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c";

    internal static KexecEnvironment Read(SystemTree tree)
    {
        string? release = tree.TryReadText("proc/sys/kernel/osrelease")?.Trim();
        string[] status = Lines(tree, "proc/self/status");
        string[]? config = ReadConfig(tree, release);
        ReadOnlyMemory<byte> secureBoot = tree.TryReadStart(SecureBootVariable, 5);
        bool? isSecure = secureBoot.Length == 5 ? secureBoot.Span[4] == 1 : null;
        return new KexecEnvironment
        {
            Version = KernelVersion.Of(release),
            GigabytePages = HasGigabytePages(tree),
            HasKexecLoad = Option(config, "CONFIG_KEXEC"),
            HasKexecFileLoad = Option(config, "CONFIG_KEXEC_FILE"),
            HasKexecJump = Option(config, "CONFIG_KEXEC_JUMP"),
            ChecksSignatures = Option(config, "CONFIG_KEXEC_SIG"),
            ForcesSignatures = Option(config, "CONFIG_KEXEC_SIG_FORCE"),
            ImaAppraisesKernels = ReadIma(tree, config, isSecure),
            HasSysBootCapability = Hex(status, "CapEff:") is { } set ? (set >> CapSysBoot & 1) != 0 : null,
            HasSeccompFilter = Hex(status, "Seccomp:") is { } seccomp ? seccomp == 2 : null,
            InUserNamespace = ReadUserNamespace(tree),
            LoadDisabled = tree.TryReadNumber("proc/sys/kernel/kexec_load_disabled") is { } off ? off != 0 : null,
            LoadLimitPanic = tree.TryReadNumber("proc/sys/kernel/kexec_load_limit_panic"),
            LoadLimitReboot = tree.TryReadNumber("proc/sys/kernel/kexec_load_limit_reboot"),
            Lockdown = ReadLockdown(tree),
            SecureBoot = isSecure,
        };
    }

    private static string[] Lines(SystemTree tree, string file) => tree.TryReadText(file)?.Split('\n') ?? [];

    /// <summary>The kernel's configuration from where distributions put it, or from the kernel itself.</summary>
    private static string[]? ReadConfig(SystemTree tree, string? release)
    {
        string name = Path.GetFileName(release ?? "");
        string? text = tree.TryReadText($"boot/config-{name}")
            ?? tree.TryReadText($"lib/modules/{name}/config")
            ?? Unpack(tree.TryReadStart("proc/config.gz", MaxConfig));
        return text?.Split('\n');
    }

    private static string? Unpack(ReadOnlyMemory<byte> packed)
    {
        if (packed.IsEmpty)
        {
            return null;
        }

        try
        {
            using var stream = new GZipStream(new MemoryStream(packed.ToArray()), CompressionMode.Decompress);
            var text = new byte[MaxConfig];
            int length = stream.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
            return System.Text.Encoding.UTF8.GetString(text, 0, length);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>An option that the configuration does not name is off; without a configuration nothing is known.</summary>
    private static bool? Option(string[]? config, string name) =>
        config is null ? null : Array.IndexOf(config, name + "=y") >= 0;

    /// <summary>
    /// The policy's file can be read by root where the kernel lets it; one rule with func=KEXEC_KERNEL_CHECK is enough.
    /// With Secure Boot and an architecture's policy IMA wants the file in any case.
    /// </summary>
    private static bool? ReadIma(SystemTree tree, string[]? config, bool? secureBoot)
    {
        if (Option(config, "CONFIG_IMA_APPRAISE") == false)
        {
            return false;
        }

        if (secureBoot == true && Option(config, "CONFIG_IMA_SECURE_AND_OR_TRUSTED_BOOT") == true
            && Option(config, "CONFIG_KEXEC_SIG") == true)
        {
            return true;
        }

        string[] policy = Lines(tree, "sys/kernel/security/ima/policy");
        return policy.Length == 0
            ? null
            : Array.Exists(policy, static line => line.StartsWith("appraise", StringComparison.Ordinal)
                && line.Contains("KEXEC_KERNEL_CHECK", StringComparison.Ordinal));
    }

    /// <summary>The first namespace maps all numbers onto themselves.</summary>
    private static bool? ReadUserNamespace(SystemTree tree) =>
        tree.TryReadText("proc/self/uid_map")?.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries) switch
        {
            null => null,
            ["0", "0", "4294967295"] => false,
            _ => true,
        };

    private static ulong? Hex(string[] lines, string key)
    {
        string? line = Array.Find(lines, line => line.StartsWith(key, StringComparison.Ordinal));
        return line is not null && ulong.TryParse(
            line.AsSpan(key.Length).Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong value)
            ? value
            : null;
    }

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

    private static bool HasGigabytePages(SystemTree tree)
    {
        string? flags = Array.Find(
            Lines(tree, "proc/cpuinfo"), static line => line.StartsWith("flags", StringComparison.Ordinal));
        return flags is not null && Array.IndexOf(flags.Split(' '), "pdpe1gb") >= 0
            && Array.IndexOf(tree.TryReadText("proc/cmdline")?.Trim().Split(' ') ?? [], "nogbpages") < 0;
    }
}
