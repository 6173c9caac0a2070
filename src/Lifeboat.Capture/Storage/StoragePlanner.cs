using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Storage;

/// <summary>What a capture kernel has to have and to do so that the device of a target appears: found on the running machine.</summary>
public sealed class StoragePlanner
{
    private StoragePlanner(StoragePlan plan, IReadOnlyList<string> modules, IReadOnlyList<string> programs, IReadOnlyList<string> files, string reason)
    {
        Plan = plan;
        Modules = modules;
        Programs = programs;
        Files = files;
        Reason = reason;
    }

    /// <summary>What is run.</summary>
    public StoragePlan Plan { get; }

    /// <summary>Modules of the layers, without those of the disks.</summary>
    public IReadOnlyList<string> Modules { get; }

    /// <summary>Programs of the running machine, by absolute paths.</summary>
    public IReadOnlyList<string> Programs { get; }

    /// <summary>Their settings that the running machine has.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>Why all of this is needed, such as <c>/dev/mapper/vg-crash is a thin volume of LVM</c>.</summary>
    public string Reason { get; }

    /// <summary>Plans for a stack that has layers.</summary>
    /// <param name="target">The device as the target's line names it.</param>
    /// <param name="stack">What it is made of.</param>
    /// <param name="systemFolder">Where sysfs is mounted.</param>
    /// <param name="root">Where the machine's files are.</param>
    /// <exception cref="DiagnosticException">A layer cannot be set up at the crash, or its tool is not installed.</exception>
    public static StoragePlanner For(string target, StorageStack stack, string systemFolder = "/sys", string root = "/") =>
        For(target, stack, new StorageTools(root), systemFolder, root);

    /// <inheritdoc cref="For(string, StorageStack, string, string)"/>
    internal static StoragePlanner For(string target, StorageStack stack, StorageTools tools, string systemFolder, string root)
    {
        var steps = new List<StorageStep>();
        var modules = new List<string>();
        foreach (StorageLayer layer in stack.Layers)
        {
            steps.Add(tools.StepFor(layer));
            Add(modules, layer.Modules);
            Add(modules, Loaded(systemFolder, layer.Kind));
            if (layer.Kind == StorageLayerKind.Multipath)
            {
                Add(modules, ["dm_multipath", "dm_service_time"]);
            }
            else if (layer.Kind == StorageLayerKind.Encrypted)
            {
                Add(modules, EncryptedVolume.CryptoModules(root));
            }
        }

        return new StoragePlanner(
            new StoragePlan(target, steps), modules, tools.Programs, tools.Files, $"{target} is {stack.Layers[^1]}");
    }

    // What a layer asks the kernel for by itself is not in sysfs: targets of device-mapper, whose mirrors of LVM are mdraid's, and the sums
    // that iSCSI takes. But each of them is loaded now.
    private static List<string> Loaded(string systemFolder, StorageLayerKind kind)
    {
        string[] prefixes = kind switch
        {
            StorageLayerKind.Raid => ["raid"],
            StorageLayerKind.Iscsi => ["crc32c"],
            StorageLayerKind.NvmeTcp => [],
            StorageLayerKind.LogicalVolume or StorageLayerKind.ThinVolume => ["dm_", "raid"],

            // What knows which paths of an array are to be used.
            StorageLayerKind.Multipath => ["dm_", "scsi_dh_"],
            _ => ["dm_"],
        };
        string folder = Path.Combine(systemFolder, "module");
        var names = new List<string>();
        foreach (string prefix in Directory.Exists(folder) ? prefixes : [])
        {
            foreach (string entry in Directory.GetDirectories(folder, prefix + "*"))
            {
                // Those that the kernel has built in have no state of loading.
                if (File.Exists(Path.Combine(entry, "initstate")))
                {
                    names.Add(Path.GetFileName(entry));
                }
            }
        }

        names.Sort(StringComparer.Ordinal);
        return names;
    }

    private static void Add(List<string> modules, IReadOnlyList<string> names)
    {
        foreach (string name in names)
        {
            if (!modules.Contains(name))
            {
                modules.Add(name);
            }
        }
    }
}
