using System.Net;
using Lifeboat.Capture.Http;
using Lifeboat.Capture.Init;
using Lifeboat.Capture.Network;
using Lifeboat.Capture.Ramdisk;
using Lifeboat.Capture.Settings;
using Lifeboat.Capture.Ssh;
using Lifeboat.Capture.Storage;
using Lifeboat.Capture.Stores.Upload;
using Lifeboat.Capture.Targets;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;

namespace Lifeboat.Capture.Stores;

/// <summary>Makes targets ready to be saved to, in the capture kernel.</summary>
internal sealed class StoreOpener(CaptureSettings settings, CaptureReporter reporter, TimeProvider time)
{
    private readonly NetworkSetup _network = new(time, reporter.Note);
    private IReadOnlyList<NetworkPlan>? _plans;
    private IReadOnlyList<StoragePlan>? _storagePlans;
    private StorageSetup? _storage;

    /// <summary>Opens a target.</summary>
    /// <exception cref="DiagnosticException">It is not there.</exception>
    /// <exception cref="KernelInterfaceException">The kernel refuses it.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    internal CrashStore Open(DumpTarget target, CancellationToken cancellation)
    {
        IReadOnlyList<IPAddress> addresses = target.Host is { } host ? Reach(host, cancellation) : [];
        CrashStore store = target switch
        {
            FileSystemTarget fileSystem => Mount(fileSystem, cancellation),
            UploadTarget upload => UploadStores.Open(upload, addresses, File.ReadAllText, new HttpTimeouts(), time, cancellation),
            NfsTarget nfs => Mount(nfs, addresses, cancellation),
            RawTarget raw => Open(raw, cancellation),
            SshTarget ssh => SshStores.Open(
                ssh,
                settings,
                SshConnection.InRamdisk(
                    ssh, SshNeeds.IndexOf(settings.Targets, ssh), SshStores.FirstToAnswer(addresses, ssh.Port, cancellation)),
                time,
                cancellation),
            _ => throw new NotSupportedException($"{target.Directive} cannot be opened"),
        };
        return settings.SealTo is { } keys ? new SealedStore(store, SealRecipients.TryParse(keys)!) : store;
    }

    // The addresses of the target that can be reached, once the network to it is up.
    private IReadOnlyList<IPAddress> Reach(string host, CancellationToken cancellation)
    {
        _plans ??= File.Exists(RamdiskLayout.Network)
            ? NetworkPlan.ParseAll(File.ReadAllText(RamdiskLayout.Network), RamdiskLayout.Network) : [];
        foreach (NetworkPlan plan in _plans)
        {
            if (plan.Host == host)
            {
                return _network.Run(plan, settings.NetTimeout, cancellation);
            }
        }

        throw new DiagnosticException(new Diagnostic(CaptureDiagnostics.NoNetworkPlan, "The ramdisk has no plan of the way to the target's host")
        {
            Where = RamdiskLayout.Network,
            Expected = host,
            Remedy = "Build the ramdisk again with the settings that name this target",
        });
    }

    // Volumes, arrays and the like appear once they are set up.
    private void SetUpStorage(string device, CancellationToken cancellation)
    {
        _storagePlans ??= File.Exists(RamdiskLayout.Storage)
            ? StoragePlan.ParseAll(File.ReadAllText(RamdiskLayout.Storage), RamdiskLayout.Storage) : [];
        if (StoragePlan.For(_storagePlans, device) is { } plan)
        {
            _storage ??= new StorageSetup(time, reporter.Note, RunStep)
            {
                Reach = (host, token) => Reach(host, token),
                TakeKeys = TakeKeys,
            };
            _storage.Run(plan, settings.DiskTimeout, cancellation);
        }
    }

    private static string? TakeKeys()
    {
        try
        {
            if (!CrashKeys.AreSupported())
            {
                FileSystemMount.Mount("configfs", CrashKeys.MountPoint, "configfs");
            }

            CrashKeys.Restore();
            return null;
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException or KernelInterfaceException)
        {
            return CaptureRun.Words(refusal);
        }
    }

    private string? RunStep(string program, string[] arguments, TimeSpan limit) => program == NvmeFabrics.Device && arguments.Length == 1
        ? NvmeFabrics.Connect(arguments[0], limit, time) : HookProcess.Run(program, arguments, limit);

    private RawStore Open(RawTarget target, CancellationToken cancellation)
    {
        SetUpStorage(target.Device, cancellation);
        return RawStore.Open(new RawDeviceFinder(time).WaitFor(target.Device, settings.DiskTimeout, cancellation), target.Overwrite);
    }

    private FolderStore Mount(FileSystemTarget target, CancellationToken cancellation)
    {
        SetUpStorage($"{target.Device}", cancellation);
        var finder = new BlockDeviceFinder(time)
        {
            Waiting = waited => reporter.Note($"{target.Device} is waited for, {waited.TotalSeconds:0} of {settings.DiskTimeout.TotalSeconds:0} s"),
        };
        IReadOnlyList<string> devices = finder.WaitForAll(target.Device, settings.DiskTimeout, cancellation);
        Directory.CreateDirectory(RamdiskLayout.TargetMount);
        var mount = new FileSystemMounting(target.FileSystem);
        FileSystemMount.Mount(
            devices[0],
            RamdiskLayout.TargetMount,
            mount.Driver,
            MountOptions.NoSetUserId | MountOptions.NoDevices | MountOptions.NoPrograms,
            mount.OptionsFor(devices, fromTop: target.Folder is not null));
        return new FolderStore(RamdiskLayout.TargetMount + (target.Folder ?? settings.Path), close: Unmount, largestFile: mount.LargestFile);
    }

    private FolderStore Mount(NfsTarget target, IReadOnlyList<IPAddress> addresses, CancellationToken cancellation)
    {
        const string Folder = RamdiskLayout.RemoteMount;
        Directory.CreateDirectory(Folder);
        new NfsMount().Mount(target, addresses, Folder, cancellation);
        return new FolderStore(Folder + settings.Path, close: Detach)
        {
            NameElsewhere = path => target.Source.TrimEnd('/') + path[Folder.Length..],
        };
    }

    // All that was saved is acknowledged; a server that is gone must not hold up what comes next.
    private void Detach()
    {
        try
        {
            FileSystemMount.Detach(RamdiskLayout.RemoteMount);
        }
        catch (KernelInterfaceException refusal)
        {
            reporter.Note(CaptureRun.Words(refusal));
        }
    }

    private void Unmount()
    {
        try
        {
            FileSystemMount.Unmount(RamdiskLayout.TargetMount);
        }
        catch (KernelInterfaceException refusal)
        {
            // Everything on it is synced; the filesystem's journal does the rest.
            reporter.Note(CaptureRun.Words(refusal));
        }
    }
}
