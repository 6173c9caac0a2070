using System.Globalization;
using System.Text;
using Lifeboat.Capture.Ramdisk;
using Lifeboat.Capture.Settings;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Targets;

/// <summary>Finds the filesystem that a folder of the running system lies on, and the folder's path in it.</summary>
public static class LocalFolder
{
    private const int RootField = 3;
    private const int PointField = 4;
    private const string Separator = "-";

    /// <summary>Settings whose targets <c>local FOLDER</c> are the filesystems that they lie on.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="mounts">The text of /proc/self/mountinfo.</param>
    /// <param name="probe">What lies on a device; null when that cannot be read.</param>
    /// <exception cref="DiagnosticException">A folder lies on nothing that a capture kernel could mount.</exception>
    public static CaptureSettings Resolve(CaptureSettings settings, string mounts, Func<string, DeviceContent?> probe)
    {
        DumpTargets targets = DumpTargets.None;
        foreach (DumpTarget target in settings.Targets)
        {
            targets = targets.With(target is LocalTarget local ? Resolve(local.Folder, mounts, probe) : target);
        }

        return settings with { Targets = targets };
    }

    private static FileSystemTarget Resolve(string folder, string mounts, Func<string, DeviceContent?> probe)
    {
        (string Root, string Point, string Kind, string Device)? found = null;
        foreach (ReadOnlySpan<char> line in mounts.AsSpan().EnumerateLines())
        {
            // Of those above the folder the last is what is seen there.
            if (Parse(line.ToString()) is { } mount && IsAbove(mount.Point, folder) && (found is null || mount.Point.Length >= found.Value.Point.Length))
            {
                found = mount;
            }
        }

        if (found is not { } at)
        {
            throw Unfit(folder, "no filesystem", "Say the folder's path as the running system has it");
        }

        if (!at.Device.StartsWith("/dev/", StringComparison.Ordinal) || !TargetModules.FileSystems.Contains(at.Kind, StringComparer.Ordinal))
        {
            throw Unfit(folder, $"{at.Kind} ({at.Device})", "Save to a folder on one of these filesystems, or say nfs, ssh or https for another host");
        }

        if (probe(at.Device) is not { IsFileSystem: true, Uuid.Length: > 0 } content || !DeviceSelector.TryParse("UUID=" + content.Uuid, out DeviceSelector? selector))
        {
            throw Unfit(folder, $"{at.Kind} on {at.Device}, whose UUID cannot be read", "Only root may read devices; or say the target as blkid prints it");
        }

        string rest = at.Point == "/" ? folder : folder[at.Point.Length..];
        string path = (at.Root.TrimEnd('/') + rest).TrimEnd('/');
        return new FileSystemTarget(at.Kind, selector, path.Length == 0 ? "/" : path);
    }

    private static bool IsAbove(string point, string folder) =>
        point == "/" || folder == point || (folder.StartsWith(point, StringComparison.Ordinal) && folder[point.Length] == '/');

    // 36 35 98:0 /root/in/it /where rw,noatime master:1 - ext4 /dev/sda1 rw (proc_pid_mountinfo(5)); blanks are \040.
    private static (string Root, string Point, string Kind, string Device)? Parse(string line)
    {
        string[] fields = line.Split(' ');
        int end = Array.IndexOf(fields, Separator);
        return end > PointField && fields.Length > end + 2
            ? (Unescape(fields[RootField]), Unescape(fields[PointField]), fields[end + 1], Unescape(fields[end + 2])) : null;
    }

    private static string Unescape(string text)
    {
        var plain = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 3 < text.Length && IsOctal(text.AsSpan(i + 1, 3)))
            {
                plain.Append((char)(((text[i + 1] - '0') << 6) | ((text[i + 2] - '0') << 3) | (text[i + 3] - '0')));
                i += 3;
            }
            else
            {
                plain.Append(text[i]);
            }
        }

        return plain.ToString();
    }

    private static bool IsOctal(ReadOnlySpan<char> digits) => digits.IndexOfAnyExceptInRange('0', '7') < 0;

    private static DiagnosticException Unfit(string folder, string found, string remedy) =>
        new(new Diagnostic(CaptureDiagnostics.TargetNotFound, "A crash cannot be saved to this folder")
        {
            Where = folder,
            Found = found,
            Expected = string.Create(CultureInfo.InvariantCulture, $"a folder on {string.Join(", ", TargetModules.FileSystems)}"),
            Remedy = remedy,
        });
}
