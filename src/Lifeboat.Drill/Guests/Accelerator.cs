namespace Lifeboat.Drill.Guests;

/// <summary>What runs a guest's instructions.</summary>
public enum Accelerator
{
    /// <summary>QEMU's software emulation: everywhere, five to twenty times slower.</summary>
    Emulation,

    /// <summary>The host kernel's KVM.</summary>
    Kvm,
}
