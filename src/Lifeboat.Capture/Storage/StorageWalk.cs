using System.Globalization;
using Lifeboat.Capture.Targets;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;

namespace Lifeboat.Capture.Storage;

/// <summary>Goes from a device down to its disks; see <see cref="StorageStack"/>.</summary>
internal sealed class StorageWalk(string systemFolder, Func<string, DeviceContent?> probe)
{
    private const int MostDevices = 256;
    private const int MostLevels = 16;
    private const string VolumeGroups = "LVM-";
    private const string Multipaths = "mpath-";

    // Devices without slaves that are no disks: what they stand for is not told by the kernel, or needs a program that keeps running.
    private static readonly string[] NotDisks = ["loop", "drbd", "nbd", "rbd", "zd", "zram", "ram", "ublkb"];

    private readonly List<StorageLayer> _layers = [];
    private readonly List<string> _disks = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private string _asked = "";

    internal IReadOnlyList<StorageLayer> Layers => _layers;

    internal IReadOnlyList<string> Disks => _disks;

    // A device that is not there has neither: a ramdisk may be built for another machine.
    internal void Add(string device, string name)
    {
        _asked = device;
        if (Directory.Exists(ClassFolder(name)))
        {
            Visit(name, 0);
        }
    }

    private string ClassFolder(string name) => Path.Combine(systemFolder, "class/block", name);

    private void Visit(string name, int level)
    {
        if (!_seen.Add(name))
        {
            return;
        }

        if (level > MostLevels || _seen.Count > MostDevices)
        {
            throw Unfit(name, "more devices than a stack has");
        }

        string folder = ClassFolder(name);
        string[] slaves = Names(Path.Combine(folder, "slaves"));
        if (File.Exists(Path.Combine(folder, "partition")))
        {
            string whole = Directory.ResolveLinkTarget(folder, returnFinalTarget: true)?.FullName ?? folder;
            Visit(Path.GetFileName(Path.GetDirectoryName(whole)!), level + 1);
        }
        else if (SystemFile.Text(folder, "dm/uuid") is { } uuid)
        {
            _layers.Add(Mapped(name, folder, uuid, slaves, level));
        }
        else if (Directory.Exists(Path.Combine(folder, "md")))
        {
            _layers.Add(Array(name, folder, slaves, level));
        }
        else if (slaves.Length > 0 || System.Array.Exists(NotDisks, prefix => name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            throw Unfit(name, slaves.Length > 0 ? $"{name}, made of {string.Join(", ", slaves)} by a driver that is not known" : $"{name}, which is no disk");
        }
        else
        {
            _layers.AddRange(NetworkDisk.WaysTo(name, systemFolder));
            _disks.Add(name);
        }
    }

    private StorageLayer Mapped(string name, string folder, string uuid, string[] slaves, int level)
    {
        string title = SystemFile.Text(folder, "dm/name") ?? name;
        if (uuid.StartsWith(VolumeGroups, StringComparison.Ordinal))
        {
            return Volume(name, title, uuid, slaves, level);
        }

        VisitAll(slaves, level);
        if (uuid.StartsWith(Multipaths, StringComparison.Ordinal))
        {
            return new StorageLayer(StorageLayerKind.Multipath, name, title, Paths(name, slaves)) { Identity = uuid[Multipaths.Length..] };
        }

        if (uuid.StartsWith("part", StringComparison.Ordinal) && uuid.Contains('-' + Multipaths, StringComparison.Ordinal) && slaves.Length == 1)
        {
            return new StorageLayer(StorageLayerKind.Partition, name, title, []) { Identity = SystemFile.Text(ClassFolder(slaves[0]), "dm/name") ?? "" };
        }

        return uuid.StartsWith("CRYPT-", StringComparison.Ordinal)
            ? new StorageLayer(StorageLayerKind.Encrypted, name, title, Members(slaves, "crypto_LUKS")) { Identity = uuid }
            : throw Unfit(name, $"{title}, which device-mapper makes for an unknown purpose ({(uuid.Length == 0 ? "no UUID" : uuid)})");
    }

    // LVM makes hidden devices below a volume (pools, halves of mirrors, snapshots); one command activates them all.
    private StorageLayer Volume(string name, string title, string uuid, string[] slaves, int level)
    {
        bool isThin = false;
        var parts = new Queue<(string Name, string Uuid)>([(name, uuid)]);
        var physical = new List<string>();
        while (parts.TryDequeue(out (string Name, string Uuid) part))
        {
            isThin |= part.Uuid.EndsWith("-tpool", StringComparison.Ordinal);
            if (part.Uuid.EndsWith("-vpool", StringComparison.Ordinal) || part.Uuid.EndsWith("-vdata", StringComparison.Ordinal))
            {
                throw Unfit(part.Name, $"{title}, a volume of VDO");
            }

            foreach (string slave in part.Name == name ? slaves : Names(Path.Combine(ClassFolder(part.Name), "slaves")))
            {
                if (SystemFile.Text(ClassFolder(slave), "dm/uuid") is { } below && below.StartsWith(VolumeGroups, StringComparison.Ordinal))
                {
                    if (_seen.Add(slave) && _seen.Count <= MostDevices)
                    {
                        parts.Enqueue((slave, below));
                    }
                }
                else if (!physical.Contains(slave))
                {
                    physical.Add(slave);
                }
            }
        }

        VisitAll(physical, level);
        (string group, string volume) = VolumeName.Split(title);
        return new StorageLayer(
            isThin ? StorageLayerKind.ThinVolume : StorageLayerKind.LogicalVolume, name, $"{group}/{volume}", Members(physical, "LVM2_member"));
    }

    private StorageLayer Array(string name, string folder, string[] slaves, int level)
    {
        string form = SystemFile.Text(folder, "md/metadata_version") ?? "none";
        if (form.StartsWith("external", StringComparison.Ordinal) || form == "none")
        {
            throw Unfit(name, $"{name}, an array whose superblocks are not mdraid's own ({form})");
        }

        VisitAll(slaves, level);
        List<StorageMember> members = Members(slaves, "linux_raid_member");
        string raidLevel = SystemFile.Text(folder, "md/level") ?? "";
        return new StorageLayer(StorageLayerKind.Raid, name, name, members)
        {
            Identity = members.Count > 0 ? members[0].Value : throw Unfit(name, $"{name}, an array without a disk that can be read"),
            Modules = raidLevel is "raid4" or "raid5" or "raid6" ? ["raid456"] : raidLevel.Length > 0 ? [raidLevel] : [],
        };
    }

    private void VisitAll(IReadOnlyList<string> names, int level)
    {
        foreach (string name in names)
        {
            Visit(name, level + 1);
        }
    }

    private List<StorageMember> Members(IReadOnlyList<string> devices, string kind)
    {
        var members = new List<StorageMember>();
        foreach (string device in devices)
        {
            if (probe(device) is { Uuid.Length: > 0 } content && content.Kind == kind)
            {
                Count(members, kind, content.Uuid);
            }
        }

        return members;
    }

    private List<StorageMember> Paths(string name, string[] devices)
    {
        var members = new List<StorageMember>();
        foreach (string device in devices)
        {
            if (SystemFile.Text(ClassFolder(device), "device/wwid") is { Length: > 0 } wwid)
            {
                Count(members, StorageMember.Wwid, wwid);
            }
        }

        return members.Count > 0 ? members : throw Unfit(name, $"{name}, whose paths have no WWID to find them by");
    }

    private static void Count(List<StorageMember> members, string kind, string value)
    {
        int at = members.FindIndex(member => member.Value == value);
        if (at < 0)
        {
            members.Add(new StorageMember(kind, value, 1));
        }
        else
        {
            members[at] = members[at] with { Count = members[at].Count + 1 };
        }
    }

    private static string[] Names(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return [];
        }

        string[] names = System.Array.ConvertAll(Directory.GetFileSystemEntries(folder), static entry => Path.GetFileName(entry));
        System.Array.Sort(names, StringComparer.Ordinal);
        return names;
    }

    private DiagnosticException Unfit(string name, string found) =>
        new(new Diagnostic(CaptureDiagnostics.StorageNotCarried, "The target lies on storage that a capture kernel cannot be given")
        {
            Where = string.Create(CultureInfo.InvariantCulture, $"{_asked}, below it {name}"),
            Found = found,
            Expected = "disks, partitions, volumes of LVM, arrays of mdraid, multipath devices",
            Remedy = "Save to another filesystem, or to another host",
        });
}
