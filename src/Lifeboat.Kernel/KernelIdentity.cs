using Lifeboat.Core.Diagnostics;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Paging;

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
    public static KernelIdentity Read(DumpSource dump)
    {
        ArgumentNullException.ThrowIfNull(dump);
        DumpUtsName? name = null;
        try
        {
            name = UtsNameReader.TryRead(AddressSpace.OpenKernel(dump), dump.Vmcoreinfo);
        }
        catch (DumpFormatException)
        {
            // The header may still know.
        }

        name ??= dump.HeaderUtsName;
        return new KernelIdentity(
            Known(name?.SystemName),
            Known(name?.NodeName),
            Known(name?.Release) ?? dump.Vmcoreinfo.OsRelease,
            Known(name?.Version),
            Known(name?.Machine));
    }

    private static string? Known(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
