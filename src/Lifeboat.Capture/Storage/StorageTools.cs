using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;

namespace Lifeboat.Capture.Storage;

/// <summary>The programs of the running machine that set up layers, and how each is called at the crash.</summary>
internal sealed class StorageTools(string root)
{
    // There is no udev that would answer, no daemon that watches, and no links in /dev/disk that a filter may name.
    private const string WithoutUdev = "activation { udev_sync=0 udev_rules=0 verify_udev_operations=0 monitoring=0 } "
        + "devices { obtain_device_list_from_udev=0 external_device_info_source=\"none\" use_devicesfile=0 global_filter=[\"a|.*|\"] filter=[\"a|.*|\"] } "
        + "backup { backup=0 archive=0 }";

    private static readonly string[] Folders = ["/usr/sbin", "/sbin", "/usr/bin", "/bin"];

    private readonly List<string> _programs = [];
    private readonly List<string> _files = [];

    internal IReadOnlyList<string> Programs => _programs;

    internal IReadOnlyList<string> Files => _files;

    /// <summary>What device-mapper says of a device (<c>dmsetup</c>'s path, the device's name); null when nothing.</summary>
    internal Func<string, string, string?> TableOf { get; init; } = EncryptedVolume.TableOf;

    /// <summary>Whether the running kernel hands keys over.</summary>
    internal Func<bool> HandsKeysOver { get; init; } = static () => CrashKeys.AreSupported();

    /// <summary>Whether the running kernel has a key to hand over, by its description.</summary>
    internal Func<string, bool> HasKey { get; init; } = CrashKeys.IsInKeyring;

    /// <summary>The step that sets up a layer.</summary>
    /// <exception cref="DiagnosticException">It cannot be set up, or the program is not installed.</exception>
    internal StorageStep StepFor(StorageLayer layer)
    {
        switch (layer.Kind)
        {
            case StorageLayerKind.LogicalVolume:
            case StorageLayerKind.ThinVolume:
                if (layer.Kind == StorageLayerKind.ThinVolume)
                {
                    // LVM has a pool checked before it is used.
                    Require("thin_check", "thin-provisioning-tools (device-mapper-persistent-data)", layer);
                }

                AddFiles("/etc/lvm/lvm.conf", "/etc/lvm/lvmlocal.conf");
                return Step(layer, Require("lvm", "lvm2", layer), "lvchange", "-ay", "--sysinit", "--config", WithoutUdev, layer.Name);
            case StorageLayerKind.Raid:
                AddFiles("/etc/mdadm/mdadm.conf", "/etc/mdadm.conf");
                return Step(layer, Require("mdadm", "mdadm", layer), "--assemble", "--run", $"--uuid={layer.Identity}", $"/dev/{layer.Name}");
            case StorageLayerKind.Multipath:
                // multipath itself asks udev's database for paths; the table is all that it would make.
                return Step(layer, Require("dmsetup", "dmsetup (device-mapper)", layer), "create", layer.Name, "--noudevsync", "--uuid",
                    $"mpath-{layer.Identity}", "--table", $"0 {StorageSetup.Sectors} multipath 0 0 {StorageSetup.Paths}");
            case StorageLayerKind.Partition:
                return Step(layer, Require("kpartx", "kpartx", layer), "-a", $"/dev/mapper/{layer.Identity}");
            case StorageLayerKind.Iscsi:
                return Connect(layer, Require("iscsistart", "open-iscsi (iscsi-initiator-utils)", layer));
            case StorageLayerKind.NvmeTcp:
                return Connect(layer, NvmeFabrics.Device);
            default:
                return Open(layer);
        }
    }

    private StorageStep Open(StorageLayer layer)
    {
        const string Otherwise = "save to a volume that is not encrypted, or to another host; seal_to encrypts the dump itself";
        if (!HandsKeysOver())
        {
            throw NoKey(layer, "a running kernel that hands no keys over",
                $"a kernel with CONFIG_CRASH_DM_CRYPT (Linux 6.16 and later, x86-64), and configfs on {CrashKeys.MountPoint}",
                $"Where the kernel has it, mount configfs; else {Otherwise}");
        }

        if (layer.Members.Count != 1 || layer.Members[0].Count != 1)
        {
            throw NoKey(layer, "no header of LUKS by which the device could be found", "a LUKS device", Otherwise);
        }

        string uuid = layer.Members[0].Value;
        string key = CrashKeys.DescriptionOf(uuid);
        if (!HasKey(key))
        {
            throw NoKey(layer, $"no key {key} of type logon in root's user keyring", "the volume's key there",
                $"Put it there: {CrashKeys.CommandFor(key)} (cryptsetup 2.7), or at each boot "
                + $"link-volume-key=@u::%logon:{key} in /etc/crypttab (systemd 256); or {Otherwise}");
        }

        string program = Require("dmsetup", "dmsetup (device-mapper)", layer);
        string table = EncryptedVolume.TableAtCrash(TableOf(program, layer.Name) ?? "", key)
            ?? throw NoKey(layer, "a table that is not of one device of dm-crypt", $"what {program} table {layer.Name} says of a LUKS device", Otherwise);
        return Step(layer, program, "create", layer.Name, "--noudevsync", "--uuid", layer.Identity, "--table", table) with { Key = key };
    }

    private static DiagnosticException NoKey(StorageLayer layer, string found, string expected, string remedy) =>
        new(new Diagnostic(
            CaptureDiagnostics.StorageNotCarried, "The target is encrypted, and its key cannot be handed over to the capture kernel")
        {
            Where = $"{layer.Device}, {layer} ({layer.Identity})",
            Found = found,
            Expected = expected,
            Remedy = remedy,
        });

    private static StorageStep Step(StorageLayer layer, string program, params string[] arguments) =>
        new($"{layer}", layer.Members, program, arguments);

    private static StorageStep Connect(StorageLayer layer, string program) =>
        new($"{layer}", [], program, layer.Connection!.Arguments) { Host = layer.Connection.Host };

    private string Require(string name, string package, StorageLayer layer)
    {
        foreach (string folder in Folders)
        {
            string path = $"{folder}/{name}";
            if (File.Exists(Path.Combine(root, path.TrimStart('/'))))
            {
                if (!_programs.Contains(path))
                {
                    _programs.Add(path);
                }

                return path;
            }
        }

        throw new DiagnosticException(new Diagnostic(CaptureDiagnostics.StorageToolMissing, $"{layer} needs a program that is not installed")
        {
            Where = layer.Device,
            Found = $"no {name} in {string.Join(", ", Folders)}",
            Expected = name,
            Remedy = $"Install the package {package}",
        });
    }

    private void AddFiles(params ReadOnlySpan<string> paths)
    {
        foreach (string path in paths)
        {
            if (File.Exists(Path.Combine(root, path.TrimStart('/'))) && !_files.Contains(path))
            {
                _files.Add(path);
            }
        }
    }
}
