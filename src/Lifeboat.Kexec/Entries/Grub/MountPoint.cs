using System.Text;
using Lifeboat.Kexec.Machine;

namespace Lifeboat.Kexec.Entries.Grub;

/// <summary>A mounted filesystem.</summary>
/// <param name="Root">The folder of the filesystem that is mounted: <c>/</c>, or <c>/@</c> of btrfs.</param>
/// <param name="Point">Where.</param>
/// <param name="Source">The device's own name, <c>vda1</c> or <c>dm-0</c>.</param>
internal sealed record MountPoint(string Root, string Point, string Source)
{
    private const int MaxMounts = 1 << 16;

    /// <summary>The mounts of devices in /proc/self/mountinfo, in its order; none where there is no such file.</summary>
    internal static IReadOnlyList<MountPoint> Read(SystemTree tree)
    {
        var mounts = new List<MountPoint>();
        foreach (string line in (tree.TryReadText("proc/self/mountinfo") ?? "").Split('\n'))
        {
            string[] fields = line.Split(' ');
            int dash = Array.IndexOf(fields, "-");
            if (dash < 6 || dash + 2 >= fields.Length || mounts.Count == MaxMounts)
            {
                continue;
            }

            string source = Unescape(fields[dash + 2]);
            if (source.StartsWith("/dev/", StringComparison.Ordinal) && !source.Contains("..", StringComparison.Ordinal))
            {
                mounts.Add(new MountPoint(Unescape(fields[3]), Unescape(fields[4]),
                    DeviceOf(tree, source) ?? Path.GetFileName(source)));
            }
        }

        return mounts;
    }

    /// <summary>The mount that a folder lies in; of several upon each other the last.</summary>
    internal static MountPoint? Of(IReadOnlyList<MountPoint> mounts, string folder)
    {
        MountPoint? best = null;
        foreach (MountPoint mount in mounts)
        {
            bool isAbove = mount.Point == "/" || folder == mount.Point
                || folder.StartsWith(mount.Point + "/", StringComparison.Ordinal);
            if (isAbove && (best is null || mount.Point.Length >= best.Point.Length))
            {
                best = mount;
            }
        }

        return best;
    }

    /// <summary>The device's own name that a link in /dev stands for; null where there is no link.</summary>
    internal static string? DeviceOf(SystemTree tree, string link)
    {
        if (link.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }

        try
        {
            return new FileInfo(tree.PathOf(link)).LinkTarget is { } target ? Path.GetFileName(target) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The kernel writes blanks and the like as three octal digits.</summary>
    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var plain = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 3 < text.Length && text[i + 1] is >= '0' and <= '3'
                && text[i + 2] is >= '0' and <= '7' && text[i + 3] is >= '0' and <= '7')
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
}
