namespace Lifeboat.Drill.Guests;

/// <summary>What a probe of KVM found, kept for one boot of the host and one QEMU.</summary>
/// <param name="BootId">The boot of the host (/proc/sys/kernel/random/boot_id).</param>
/// <param name="Qemu">The QEMU that was tried.</param>
/// <param name="Works">Whether a guest came up.</param>
/// <param name="Reason">What was seen.</param>
internal sealed record KvmProbeAnswer(string BootId, string Qemu, bool Works, string Reason);
