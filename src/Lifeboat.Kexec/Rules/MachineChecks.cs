namespace Lifeboat.Kexec.Rules;

/// <summary>Checks of the machine and of who calls, which both calls make.</summary>
internal static class MachineChecks
{
    internal static Finding Capability(KexecEnvironment environment) =>
        environment.InUserNamespace == true
            ? Finding.Broken("the process lies in a user namespace: its capabilities do not count here")
            : Finding.Require(environment.HasSysBootCapability, "the process lacks it");

    internal static Finding NotDisabled(KexecEnvironment environment) =>
        Finding.Require(!environment.LoadDisabled, "kernel.kexec_load_disabled=1");

    internal static Finding WithinLimit(KexecEnvironment environment, bool crash) =>
        environment.LoadLimit(crash) is not { } left ? Finding.Unknown
        : left != 0 ? Finding.Holds
        : Finding.Broken($"kernel.kexec_load_limit_{(crash ? "panic" : "reboot")}=0");

    internal static Finding NotLockedDown(KexecEnvironment environment) =>
        environment.Lockdown is not { } mode ? Finding.Unknown
        : mode == "none" ? Finding.Holds
        : Finding.Broken($"it is locked down ({mode}){(environment.SecureBoot == true ? ", as Secure Boot has it" : "")}");
}
