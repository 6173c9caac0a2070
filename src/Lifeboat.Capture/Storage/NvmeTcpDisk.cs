using Lifeboat.Capture.Targets;

namespace Lifeboat.Capture.Storage;

/// <summary>A namespace of an NVMe target over TCP, as sysfs tells of it. The kernel connects to it by itself.</summary>
internal static class NvmeTcpDisk
{
    // The kernel connects anew by itself, every five seconds; after 45, as with NFS, what was written fails and the next target is tried.
    private const string Patience = "reconnect_delay=5,ctrl_loss_tmo=45";

    /// <summary>The ways to a disk, one for each controller; none when it is no such namespace.</summary>
    /// <param name="disk">Its name.</param>
    /// <param name="folder">Its folder in sysfs.</param>
    internal static IReadOnlyList<StorageLayer> Of(string disk, string folder)
    {
        var ways = new List<StorageLayer>();
        foreach (string controller in NvmeControllers.Of(folder))
        {
            switch (NetworkDisk.Text(controller, "transport"))
            {
                case "tcp":
                    ways.Add(Way(disk, controller));
                    break;
                case "pcie":
                    break;
                case var transport:
                    throw NetworkDisk.Unfit(disk, $"NVMe by {transport}", "Save to another disk, or to another host");
            }
        }

        return ways;
    }

    private static StorageLayer Way(string disk, string controller)
    {
        if (NetworkDisk.Text(controller, "dhchap_secret") is not null)
        {
            throw NetworkDisk.Unfit(disk, "NVMe with a secret (DH-HMAC-CHAP)", "Let the target admit this host by its name (hostnqn) alone");
        }

        if (NetworkDisk.Text(controller, "tls_key") is not null || NetworkDisk.Text(controller, "tls_configured_key") is not null)
        {
            throw NetworkDisk.Unfit(disk, "NVMe through TLS, whose keys a program holds", "Connect without TLS, or save to another host (https)");
        }

        string name = NetworkDisk.Required(disk, controller, "subsysnqn");
        string address = NetworkDisk.Required(disk, controller, "address");
        string host = NetworkDisk.Host(disk, Part(address, "traddr="));
        string options = $"transport=tcp,traddr={host},trsvcid={Part(address, "trsvcid=") ?? "4420"},nqn={Word(name)}";
        foreach (string identity in (string[])["hostnqn", "hostid"])
        {
            options += NetworkDisk.Text(controller, identity) is { } text ? $",{identity}={Word(text)}" : "";
        }

        return new StorageLayer(StorageLayerKind.NvmeTcp, disk, name, [])
        {
            Modules = ["nvme_tcp"],
            Connection = new StorageConnection(host, [$"{options},{Patience}"]),
        };

        // The kernel takes no comma inside of an option.
        string Word(string text) => !text.Contains(',', StringComparison.Ordinal) ? NetworkDisk.Checked(disk, text, "name")
            : throw NetworkDisk.Unfit(disk, $"a comma in {text}", "Save to another disk, or to another host");
    }

    // traddr=192.0.2.7,trsvcid=4420,src_addr=192.0.2.1
    private static string? Part(string address, string key)
    {
        foreach (string part in address.Split(','))
        {
            if (part.StartsWith(key, StringComparison.Ordinal))
            {
                return part[key.Length..];
            }
        }

        return null;
    }
}
