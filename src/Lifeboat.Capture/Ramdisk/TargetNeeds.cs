using System.Text;
using Lifeboat.Capture.Network;
using Lifeboat.Capture.Settings;
using Lifeboat.Capture.Storage;
using Lifeboat.Capture.Targets;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Ramdisk;

/// <summary>What a ramdisk must have so that targets can be saved to: found on this machine, while it is built.</summary>
public sealed class TargetNeeds
{
    private const int OwnerOnly = 0x180; // 0600

    private readonly BlockDeviceFinder _devices;
    private readonly Func<string, ICollection<Diagnostic>, NetworkPlan> _plan;
    private readonly List<string> _modules = [];
    private readonly List<NetworkPlan> _networks = [];
    private readonly List<StoragePlanner> _storage = [];
    private readonly List<Diagnostic> _notices = [];

    private TargetNeeds(BlockDeviceFinder devices, Func<string, ICollection<Diagnostic>, NetworkPlan> plan)
    {
        _devices = devices;
        _plan = plan;
    }

    /// <summary>Modules, without what they depend on.</summary>
    public IReadOnlyList<string> Modules => _modules;

    /// <summary>Files: the plans of the network and of storage.</summary>
    public IReadOnlyList<RamdiskFile> Files
    {
        get
        {
            var text = new StringBuilder();
            foreach (NetworkPlan plan in _networks)
            {
                text.Append(plan.ToText());
            }

            var storage = new StringBuilder();
            foreach (StoragePlanner one in _storage)
            {
                storage.Append(one.Plan.ToText());
            }

            return [.. Plans(RamdiskLayout.Network, text), .. Plans(RamdiskLayout.Storage, storage)];
        }
    }

    /// <summary>What has to be set up so that their devices appear; one for each target that is not on a disk or a partition itself.</summary>
    public IReadOnlyList<StoragePlanner> Storage => _storage;

    /// <summary>What its reader should know of how they are met.</summary>
    public IReadOnlyList<Diagnostic> Notices => _notices;

    /// <summary>What these targets need.</summary>
    /// <param name="targets">The targets.</param>
    /// <param name="devices">Finds the devices of the running machine.</param>
    /// <param name="plan">Plans the way to a host; null asks the running machine (<see cref="NetworkPlanner"/>).</param>
    /// <exception cref="DiagnosticException">
    /// The way to a host cannot be gone in the capture kernel, or the storage of a target not be set up.
    /// </exception>
    public static TargetNeeds Of(
        DumpTargets targets, BlockDeviceFinder devices, Func<string, ICollection<Diagnostic>, NetworkPlan>? plan = null)
    {
        var needs = new TargetNeeds(devices, plan ?? (static (host, notices) => NetworkPlanner.For(host, notices)));
        foreach (DumpTarget target in targets)
        {
            needs.Add(target);
        }

        return needs;
    }

    private void Add(DumpTarget target)
    {
        if (target.Host is { } host)
        {
            AddNetwork(host);
        }

        switch (target)
        {
            case FileSystemTarget fileSystem:
                AddModules(TargetModules.ForFileSystem(fileSystem.FileSystem));
                AddDriversOf(fileSystem.Device);
                break;
            case NfsTarget nfs:
                AddModules(TargetModules.ForNfs(nfs.Version));
                break;
            case RawTarget raw:
                if (new RawDeviceFinder(TimeProvider.System).Find(raw.Device) is { } device)
                {
                    AddStorage(raw.Device, device);
                }

                break;
            case SshTarget or UploadTarget:
                break;
            default:
                throw new NotSupportedException($"what {target.Directive} needs is not known");
        }
    }

    // Those of storage may have secrets.
    private static RamdiskFile[] Plans(string path, StringBuilder text) =>
        text.Length == 0 ? [] : [RamdiskFile.FromBytes(path, Encoding.UTF8.GetBytes(text.ToString()), OwnerOnly)];

    private void AddNetwork(string host)
    {
        if (!_networks.Exists(plan => plan.Host == host))
        {
            NetworkPlan plan = _plan(host, _notices);
            _networks.Add(plan);
            AddModules(plan.Modules);
        }
    }

    // A ramdisk may be built for another machine, which has the device.
    private void AddDriversOf(DeviceSelector selector) => AddStorage($"{selector}", [.. _devices.FindAll(selector)]);

    private void AddStorage(string target, params string[] devices)
    {
        var stack = StorageStack.Of(devices);
        AddModules(stack.Drivers());
        if (stack.Layers.Count > 0 && !_storage.Exists(one => one.Plan.Target == target))
        {
            var storage = StoragePlanner.For(target, stack);
            _storage.Add(storage);
            AddModules(storage.Modules);
            foreach (string host in storage.Plan.Hosts)
            {
                AddNetwork(host);
            }
        }
    }

    private void AddModules(IReadOnlyList<string> names)
    {
        foreach (string name in names)
        {
            if (!_modules.Contains(name))
            {
                _modules.Add(name);
            }
        }
    }
}
