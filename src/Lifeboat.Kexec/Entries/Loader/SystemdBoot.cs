using Lifeboat.Core.Diagnostics;
using Lifeboat.Kexec.Machine;

namespace Lifeboat.Kexec.Entries.Loader;

/// <summary>
/// Reads the menu of systemd-boot: entry files and unified kernel images of the EFI system partition and of the extended
/// boot partition, sorted as the Boot Loader Specification says.
/// </summary>
internal sealed class SystemdBoot
{
    /// <summary>Where the two partitions are mounted, as a rule.</summary>
    private static readonly string[] Partitions = ["/efi", "/boot", "/boot/efi"];

    private readonly SystemTree _tree;
    private readonly List<LoaderItem> _items = [];

    private SystemdBoot(SystemTree tree) => _tree = tree;

    /// <summary>Whether systemd-boot itself is on the partition; entry files alone may be grub's.</summary>
    internal static bool IsInstalled(SystemTree tree) => Array.Exists(
        Partitions, partition => tree.FileExists($"{partition}/EFI/systemd/systemd-bootx64.efi") || tree.FileExists($"{partition}/loader/loader.conf"));

    /// <summary>The menu; null when there is no entry.</summary>
    internal static BootEntryList? TryFind(SystemTree tree)
    {
        var boot = new SystemdBoot(tree);
        foreach (string partition in Partitions)
        {
            boot.ReadEntryFiles(partition);
            boot.ReadImages(partition);
        }

        return boot._items.Count == 0 ? null : boot.Choose();
    }

    private void ReadEntryFiles(string partition)
    {
        string folder = $"{partition}/loader/entries";
        foreach (string name in _tree.FileNames(folder))
        {
            if (name.EndsWith(".conf", StringComparison.OrdinalIgnoreCase)
                && LoaderEntryFile.TryRead(_tree, folder, name) is { } file
                && file.Architecture is null or "x64"
                && Of(file, partition) is { } item)
            {
                _items.Add(item);
            }
        }
    }

    private void ReadImages(string partition)
    {
        string folder = $"{partition}/EFI/Linux";
        foreach (string name in _tree.FileNames(folder))
        {
            if (name.EndsWith(".efi", StringComparison.OrdinalIgnoreCase)
                && UnifiedImageInfo.TryRead(_tree, $"{folder}/{name}") is { } info)
            {
                string id = LoaderItem.CutCounter(name, out int left, out int done);
                _items.Add(new LoaderItem(new BootEntry
                {
                    Title = info.Title ?? id,
                    Id = id,
                    Kernel = $"{folder}/{name}",
                    Source = $"{folder}/{name}",
                })
                {
                    SortKey = info.SortKey,
                    Version = info.Version,
                    TriesLeft = left,
                    TriesDone = done,
                });
            }
        }
    }

    /// <summary>The item of an entry file; null for one whose program is not there, which systemd-boot does not show.</summary>
    private LoaderItem? Of(LoaderEntryFile file, string partition)
    {
        string where = $"{file.Path}:{file.LinuxLine}";
        var problems = new List<Diagnostic>();
        if (Find(file.Linux ?? file.Efi, partition) is not { } kernel)
        {
            return null;
        }

        var ramdisks = new List<string>();
        foreach (string ramdisk in file.Ramdisks)
        {
            if (Find(ramdisk, partition) is { } path)
            {
                ramdisks.Add(path);
            }
            else
            {
                problems.Add(BootEntries.Unusable($"The ramdisk is not found: {ramdisk}", where));
            }
        }

        if (file.DeviceTree is not null)
        {
            problems.Add(BootEntries.Unusable("A device tree is not passed on", where));
        }

        bool isImage = file.Linux is null;
        if (isImage && UnifiedImageInfo.TryRead(_tree, kernel) is null)
        {
            problems.Add(BootEntries.Unusable($"This entry starts a program of the firmware: {file.Efi}", where));
        }

        string id = LoaderItem.CutCounter(file.FileName, out int left, out int done);
        return new LoaderItem(new BootEntry
        {
            Title = file.Title ?? id,
            Id = id,
            Kernel = kernel,
            Ramdisks = ramdisks,
            CommandLine = file.Options ?? (isImage ? null : ""),
            Source = file.Path,
            Line = file.LinuxLine,
            Problems = problems,
        })
        {
            SortKey = file.SortKey,
            MachineId = file.MachineId,
            Version = file.Version,
            TriesLeft = left,
            TriesDone = done,
        };
    }

    private string? Find(string? path, string partition)
    {
        if (path is null)
        {
            return null;
        }

        // Firmware's separators are taken too.
        string plain = path.Replace('\\', '/');
        plain = plain.StartsWith('/') ? plain : "/" + plain;
        return EntryFiles.IsPlainPath(plain) && _tree.FileExists(partition + plain) ? partition + plain : null;
    }

    private BootEntryList Choose()
    {
        _items.Sort(LoaderItem.Compare);
        var entries = new List<BootEntry>();
        foreach (LoaderItem item in _items)
        {
            entries.Add(item.Entry);
        }

        LoaderItem? next = ChooseByName(out string why);
        if (next is null)
        {
            next = _items[0];
            why = "no default names an entry: the first in the order of the Boot Loader Specification";
        }

        return new BootEntryList { Loader = "systemd-boot", Entries = entries, Next = next.Entry, Why = why };
    }

    /// <summary>In systemd-boot's order: once, preferred unless it is bad, default; each first as the firmware keeps it.</summary>
    private LoaderItem? ChooseByName(out string why)
    {
        const string Saved = "@saved";
        LoaderItem? next = null;
        string reason = "";
        bool Try(string? pattern, string source, bool unlessBad = false)
        {
            if (pattern == Saved)
            {
                pattern = EfiVariable.TryRead(_tree, "LoaderEntryLastBooted");
                source += " (@saved: the one booted last)";
            }

            next = pattern is null ? null
                : _items.Find(item => LoaderPattern.Matches(pattern, item.Entry.Id) && !(unlessBad && item.TriesLeft == 0));
            reason = $"{source} is {pattern}";
            return next is not null;
        }

        _ = Try(EfiVariable.TryRead(_tree, "LoaderEntryOneShot"), "the firmware's variable LoaderEntryOneShot, for the next boot only,")
            || Try(EfiVariable.TryRead(_tree, "LoaderEntryPreferred"), "the firmware's variable LoaderEntryPreferred", unlessBad: true)
            || Try(Setting("preferred", out string file), $"preferred in {file}", unlessBad: true)
            || Try(EfiVariable.TryRead(_tree, "LoaderEntryDefault"), "the firmware's variable LoaderEntryDefault")
            || Try(Setting("default", out file), $"default in {file}");
        why = reason;
        return next;
    }

    private string? Setting(string key, out string file)
    {
        foreach (string partition in Partitions)
        {
            file = $"{partition}/loader/loader.conf";
            string? value = null;
            foreach (string line in (_tree.TryReadShortText(file) ?? "").Split('\n'))
            {
                string[] words = line.Split((char[])[' ', '\t', '\r'], 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                value = words.Length == 2 && words[0] == key ? words[1] : value;
            }

            if (value is not null)
            {
                return value;
            }
        }

        file = "loader.conf";
        return null;
    }
}
