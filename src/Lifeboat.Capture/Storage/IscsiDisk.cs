namespace Lifeboat.Capture.Storage;

/// <summary>A disk of an iSCSI target, as sysfs tells of it: who has logged in where, and with what.</summary>
/// <remarks>
/// <code>
/// .../host2/scsi_host/host2/proc_name                  iscsi_tcp
///         session1/iscsi_session/session1/...          targetname, tpgt, initiatorname, username, password
///                  connection1:0/iscsi_connection/...  persistent_address, persistent_port
///                  target2:0:0/2:0:0:1/block/sda       the disk
/// </code>
/// <para>Login takes a program, iscsistart of open-iscsi; the session is the kernel's from then on.</para>
/// </remarks>
internal static class IscsiDisk
{
    private const string Initiator = "iscsi_tcp";

    // No iscsid is there that would log in again: what waits for a lost session may as well fail, and the next target is tried.
    private const string NoRecovery = "node.session.timeo.replacement_timeout=1";

    /// <summary>The way to a disk; null when it is none of iSCSI.</summary>
    /// <param name="disk">Its name.</param>
    /// <param name="folder">Its folder in sysfs.</param>
    internal static StorageLayer? Of(string disk, string folder)
    {
        for (string? at = folder; at is not null; at = Path.GetDirectoryName(at))
        {
            string session = Path.Combine(at, "iscsi_session", Path.GetFileName(at));
            if (Directory.Exists(session))
            {
                return Of(disk, at, session);
            }
        }

        return null;
    }

    private static StorageLayer Of(string disk, string folder, string session)
    {
        string adapter = Path.GetDirectoryName(folder)!;
        string? driver = NetworkDisk.Text(adapter, Path.Combine("scsi_host", Path.GetFileName(adapter), "proc_name"));
        if (driver != Initiator)
        {
            throw NetworkDisk.Unfit(disk, $"iSCSI by {driver ?? "an unknown driver"}", "Log in through the kernel's own initiator: iscsiadm --interface default");
        }

        string[] connections = Directory.GetDirectories(folder, "connection*");
        Array.Sort(connections, StringComparer.Ordinal);
        string connection = connections.Length > 0 ? Path.Combine(connections[0], "iscsi_connection", Path.GetFileName(connections[0])) : folder;

        // An array of disks may send each login on to another of its addresses; the one that was asked may be a name.
        bool isSentOn = NetworkDisk.Text(connection, "persistent_address") is { } asked && Network.IPBytes.TryParse(asked, out _);
        string prefix = isSentOn ? "persistent_" : "";
        string host = NetworkDisk.Host(disk, NetworkDisk.Text(connection, prefix + "address"));
        string target = Required("targetname");
        var arguments = new List<string>
        {
            "-i", Required("initiatorname"), "-t", target, "-g", Required("tpgt"),
            "-a", host, "-p", NetworkDisk.Required(disk, connection, prefix + "port"),
        };
        foreach ((string option, string name) in
            ((string, string)[])[("-u", "username"), ("-w", "password"), ("-U", "username_in"), ("-W", "password_in")])
        {
            if (NetworkDisk.Text(session, name) is { } text)
            {
                arguments.Add(option);
                arguments.Add(NetworkDisk.Checked(disk, text, name));
            }
        }

        arguments.Add("-P");
        arguments.Add(NoRecovery);
        return new StorageLayer(StorageLayerKind.Iscsi, disk, target, [])
        {
            Modules = [Initiator, "sd_mod"],
            Connection = new StorageConnection(host, arguments),
        };

        string Required(string name) => NetworkDisk.Required(disk, session, name);
    }
}
