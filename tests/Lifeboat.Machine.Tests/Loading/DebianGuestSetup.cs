namespace Lifeboat.Machine.Tests.Loading;

/// <summary>How a guest of Debian is made.</summary>
internal sealed record DebianGuestSetup
{
    /// <summary>Added to the guest's command line.</summary>
    public string Append { get; init; } = "";

    /// <summary>
    /// Whether the udev rule and the units of this program are installed, not started, in a machine that can be given a CPU.
    /// </summary>
    public bool Refreshes { get; init; }

    /// <summary>Modules of its kernel that are there, with all that they need; its script runs <c>depmod</c> first.</summary>
    public IReadOnlyList<string> Modules { get; init; } = [];

    /// <summary>Further arguments of QEMU.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];
}
