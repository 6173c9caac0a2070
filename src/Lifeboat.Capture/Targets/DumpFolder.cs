using System.Globalization;
using Lifeboat.Capture.Init;
using Lifeboat.Capture.Interop;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Targets;

/// <summary>
/// The folder of one dump, <c>20260131T142233Z-host</c>. While it is written its name ends in <c>.partial</c>; one that
/// holds less than everything ends in <c>.incomplete</c>.
/// </summary>
public sealed class DumpFolder
{
    /// <summary>The ending of a folder that is being written, or whose writer died.</summary>
    public const string PartialSuffix = ".partial";

    /// <summary>The ending of a folder whose writer finished without having saved everything.</summary>
    public const string IncompleteSuffix = ".incomplete";

    private const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";
    private const int TimeLength = 16;
    private const int MaxAttempts = 100;
    private const uint OwnerOnly = 0x1C0;

    private readonly string _parent;
    private readonly string _name;

    private DumpFolder(string parent, string name)
    {
        _parent = parent;
        _name = name;
        Path = System.IO.Path.Combine(parent, name + PartialSuffix);
    }

    /// <summary>Where it is now.</summary>
    public string Path { get; private set; }

    /// <summary>Makes the folder under its partial name, for its owner only and durable, with the folders above it.</summary>
    /// <param name="parent">The folder of all dumps.</param>
    /// <param name="time">The time in its name.</param>
    /// <param name="host">The host in its name; characters that do not belong in a file's name are replaced.</param>
    /// <exception cref="IOException">A folder above it cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder above it may not be made.</exception>
    /// <exception cref="KernelInterfaceException">It cannot be made, or not be made durable.</exception>
    public static DumpFolder Create(string parent, DateTimeOffset time, string host)
    {
        MakeDurable(parent);
        for (int attempt = 1; ; attempt++)
        {
            string name = $"{NameOf(time, host)}{(attempt == 1 ? "" : $"-{attempt}")}";
            if (attempt < MaxAttempts && new[] { "", PartialSuffix, IncompleteSuffix }
                .Any(suffix => System.IO.Path.Exists(System.IO.Path.Combine(parent, name + suffix))))
            {
                continue;
            }

            var folder = new DumpFolder(parent, name);
            MakePrivate(folder.Path);
            FileSystemMount.SyncFolder(parent);
            return folder;
        }
    }

    /// <summary>A folder that another process began and did not finish, to go on with.</summary>
    /// <param name="path">The folder, whose name ends in <see cref="PartialSuffix"/>.</param>
    public static DumpFolder Resume(string path)
    {
        string name = System.IO.Path.GetFileName(path);
        return name.EndsWith(PartialSuffix, StringComparison.Ordinal)
            ? new DumpFolder(System.IO.Path.GetDirectoryName(path) ?? "/", name[..^PartialSuffix.Length])
            : throw new ArgumentException($"{path} was finished", nameof(path));
    }

    /// <summary>The name for a dump of that time and host; characters that do not belong in a file's name are replaced.</summary>
    public static string NameOf(DateTimeOffset time, string host) =>
        $"{time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)}-{Clean(host)}";

    /// <summary>When a folder's crash happened, as its name says; null when it is no name of a dump's folder.</summary>
    /// <param name="name">The folder's name.</param>
    public static DateTimeOffset? TimeOf(string name) =>
        name.Length > TimeLength && name[TimeLength] == '-' && DateTimeOffset.TryParseExact(
            name.AsSpan(0, TimeLength), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? time : null;

    /// <summary>Whether a folder holds a crash of a host, by its name: whole, incomplete, or left by a writer that died.</summary>
    /// <param name="name">The folder's name.</param>
    /// <param name="host">The host's name.</param>
    public static bool IsOf(string name, string host)
    {
        if (TimeOf(name) is null)
        {
            return false;
        }

        ReadOnlySpan<char> rest = name.AsSpan(TimeLength + 1);
        foreach (string suffix in (ReadOnlySpan<string>)[PartialSuffix, IncompleteSuffix])
        {
            if (rest.EndsWith(suffix, StringComparison.Ordinal))
            {
                rest = rest[..^suffix.Length];
                break;
            }
        }

        string clean = Clean(host);
        return rest.StartsWith(clean, StringComparison.Ordinal) && (rest.Length == clean.Length || IsCounter(rest[clean.Length..]));
    }

    /// <summary>The path of a file in it.</summary>
    public string Combine(string file) => System.IO.Path.Combine(Path, file);

    /// <summary>Makes its entries durable.</summary>
    /// <exception cref="KernelInterfaceException">The device fails.</exception>
    public void Sync() => FileSystemMount.SyncFolder(Path);

    /// <summary>Gives it its last name, durable. Its files must be synced before.</summary>
    /// <exception cref="IOException">It cannot be renamed.</exception>
    /// <exception cref="KernelInterfaceException">The device fails.</exception>
    public void Publish(bool complete)
    {
        Sync();
        string target = System.IO.Path.Combine(_parent, complete ? _name : _name + IncompleteSuffix);
        Directory.Move(Path, target);
        Path = target;
        FileSystemMount.SyncFolder(_parent);
    }

    // What Create adds to a name that is taken: -2 to -100.
    private static bool IsCounter(ReadOnlySpan<char> text) =>
        text[0] == '-' && int.TryParse(text[1..], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
        && number is > 1 and <= MaxAttempts;

    // A dump holds everything the machine knew: nobody but its owner looks in.
    private static void MakePrivate(string path)
    {
        if (LibC.MakeDirectory(path, OwnerOnly) != 0)
        {
            throw new KernelInterfaceException("mkdir", path, LastErrno.Get());
        }
    }

    // The host's name may come out of a damaged dump.
    private static string Clean(string host)
    {
        string clean = string.Create(Math.Min(host.Length, 64), host, static (target, text) =>
        {
            for (int i = 0; i < target.Length; i++)
            {
                target[i] = char.IsAsciiLetterOrDigit(text[i]) || text[i] is '-' or '_' or '.' ? text[i] : '_';
            }
        }).Trim('.');
        return clean.Length == 0 ? "unknown" : clean;
    }

    private static void MakeDurable(string folder)
    {
        if (Directory.Exists(folder))
        {
            return;
        }

        string above = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(folder)) ?? "/";
        MakeDurable(above);
        Directory.CreateDirectory(folder);
        FileSystemMount.SyncFolder(above);
    }
}
