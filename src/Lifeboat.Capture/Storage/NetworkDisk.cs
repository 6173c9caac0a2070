using System.Net;
using Lifeboat.Capture.Network;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;

namespace Lifeboat.Capture.Storage;

/// <summary>Tells whether a disk of the running machine is another host's, and how it is connected to.</summary>
internal static class NetworkDisk
{
    // What sysfs prints for a text that nobody has set.
    private const string Unset = "(null)";
    private const string None = "none";

    /// <summary>The ways to a disk, a layer each, of which one suffices; none for a disk of this machine.</summary>
    /// <param name="disk">The kernel's name of the disk.</param>
    /// <param name="systemFolder">Where sysfs is mounted.</param>
    /// <exception cref="DiagnosticException">It is another host's, and a capture kernel cannot connect to it.</exception>
    internal static IReadOnlyList<StorageLayer> WaysTo(string disk, string systemFolder)
    {
        if (SystemFile.Target(Path.Combine(systemFolder, "class/block", disk)) is not { } folder)
        {
            return [];
        }

        return IscsiDisk.Of(disk, folder) is { } session ? [session] : NvmeTcpDisk.Of(disk, folder);
    }

    /// <summary>An attribute's text; null when there is none.</summary>
    internal static string? Text(string folder, string name) =>
        SystemFile.Text(folder, name) is { Length: > 0 } text && text is not (Unset or None) ? text : null;

    /// <summary>An attribute that has to be there, and goes onto one line.</summary>
    /// <exception cref="DiagnosticException">It does not.</exception>
    internal static string Required(string disk, string folder, string name) =>
        Text(folder, name) is { } text ? Checked(disk, text, name) : throw Unfit(disk, $"no {name} in {folder}", "Only root may read all of it");

    /// <summary>A text that is put onto one line, as it is.</summary>
    /// <exception cref="DiagnosticException">It has characters that cannot be.</exception>
    internal static string Checked(string disk, string text, string name)
    {
        foreach (char character in text)
        {
            if (char.IsControl(character))
            {
                throw Unfit(disk, $"a character of the value {(int)character} in its {name}", "Save to another disk, or to another host");
            }
        }

        return text;
    }

    /// <summary>The address of the host that has the disk.</summary>
    /// <exception cref="DiagnosticException">It is none.</exception>
    internal static string Host(string disk, string? text) =>
        text is not null && IPBytes.TryParse(text, out IPAddress? address) ? address.ToString()
            : throw Unfit(disk, $"{text ?? "nothing"} for its host's address", "Connect to it by an address, without the name of an interface");

    internal static DiagnosticException Unfit(string disk, string found, string remedy) =>
        new(new Diagnostic(CaptureDiagnostics.StorageNotCarried, "The target lies on a disk of another host that a capture kernel cannot connect to")
        {
            Where = disk,
            Found = found,
            Expected = "iSCSI by the kernel's own initiator (iscsi_tcp), or NVMe over TCP",
            Remedy = remedy,
        });
}
