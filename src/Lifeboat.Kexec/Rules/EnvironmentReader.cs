using System.Globalization;
using Lifeboat.Kexec.Boot;
using Lifeboat.Kexec.Machine;
using Lifeboat.Kexec.Status;

namespace Lifeboat.Kexec.Rules;

/// <summary>Reads what of a machine is not its memory; nothing that is missing or unreadable ends it.</summary>
internal static class EnvironmentReader
{
    private const int CapSysBoot = 22;

    /// <summary>The firmware's variable: four bytes of attributes, then 0 or 1.</summary>
    private const string SecureBootVariable =
        "sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c";

    internal static KexecEnvironment Read(SystemTree tree)
    {
        string? release = tree.TryReadText("proc/sys/kernel/osrelease")?.Trim();
        string[] status = Lines(tree, "proc/self/status");
        KernelConfiguration? config = release is null ? null : KernelConfiguration.Read(tree, release);
        bool? isSecure = ReadSecureBoot(tree);
        return new KexecEnvironment
        {
            Version = KernelVersion.Of(release),
            GigabytePages = HasGigabytePages(tree),
            HasKexecLoad = config?.Has("CONFIG_KEXEC"),
            HasKexecFileLoad = config?.Has("CONFIG_KEXEC_FILE"),
            HasKexecJump = config?.Has("CONFIG_KEXEC_JUMP"),
            ChecksSignatures = config?.Has("CONFIG_KEXEC_SIG"),
            ForcesSignatures = config?.Has("CONFIG_KEXEC_SIG_FORCE"),
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

    /// <summary>
    /// The policy's file can be read by root where the kernel lets it; one rule with func=KEXEC_KERNEL_CHECK is enough.
    /// With Secure Boot and an architecture's policy IMA wants the file in any case.
    /// </summary>
    private static bool? ReadIma(SystemTree tree, KernelConfiguration? config, bool? secureBoot)
    {
        if (config?.Has("CONFIG_IMA_APPRAISE") == false)
        {
            return false;
        }

        if (secureBoot == true && config?.Has("CONFIG_IMA_SECURE_AND_OR_TRUSTED_BOOT") == true
            && config?.Has("CONFIG_KEXEC_SIG") == true)
        {
            return true;
        }

        string[] policy = Lines(tree, "sys/kernel/security/ima/policy");
        return policy.Length == 0
            ? null
            : Array.Exists(policy, static line => line.StartsWith("appraise", StringComparison.Ordinal)
                && line.Contains("KEXEC_KERNEL_CHECK", StringComparison.Ordinal));
    }

    /// <summary>The firmware's word, or where its variables are not mounted, what the running kernel was told at its start.</summary>
    private static bool? ReadSecureBoot(SystemTree tree)
    {
        const byte Disabled = 2;
        const byte Enabled = 3;
        ReadOnlyMemory<byte> variable = tree.TryReadStart(SecureBootVariable, 5);
        if (variable.Length == 5)
        {
            return variable.Span[4] == 1;
        }

        ReadOnlyMemory<byte> bootParams = tree.TryReadStart("sys/kernel/boot_params/data", BootParams.Size);
        return bootParams.Length != BootParams.Size ? null : bootParams.Span[BootParams.SecureBootOffset] switch
        {
            Enabled => true,
            Disabled => false,
            _ => null,
        };
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

    private static bool HasGigabytePages(SystemTree tree)
    {
        string? flags = Array.Find(
            Lines(tree, "proc/cpuinfo"), static line => line.StartsWith("flags", StringComparison.Ordinal));
        return flags is not null && Array.IndexOf(flags.Split(' '), "pdpe1gb") >= 0
            && Array.IndexOf(tree.TryReadText("proc/cmdline")?.Trim().Split(' ') ?? [], "nogbpages") < 0;
    }
}
