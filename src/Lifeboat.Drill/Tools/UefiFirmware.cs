using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Drill.Tools;

/// <summary>UEFI firmware for a guest (OVMF), as distributions install it: one image with code and variables.</summary>
internal static class UefiFirmware
{
    private static readonly string[] Places =
    [
        "/usr/share/ovmf/OVMF.fd",
        "/usr/share/OVMF/OVMF.fd",
        "/usr/share/edk2/ovmf/OVMF.fd",
        "/usr/share/edk2-ovmf/x64/OVMF.fd",
        "/usr/share/edk2/x64/OVMF.4m.fd",
        "/usr/share/qemu/ovmf-x86_64.bin",
    ];

    /// <summary>The image's path.</summary>
    /// <exception cref="DiagnosticException">There is none.</exception>
    internal static string Find()
    {
        foreach (string place in Places)
        {
            if (File.Exists(place))
            {
                return place;
            }
        }

        throw new DiagnosticException(new Diagnostic(DrillDiagnostics.ToolMissing, "UEFI firmware for guests is not installed")
        {
            Where = string.Join(", ", Places),
            Remedy = "Install ovmf (Debian, Ubuntu) or edk2-ovmf (Fedora, Arch)",
        });
    }
}
