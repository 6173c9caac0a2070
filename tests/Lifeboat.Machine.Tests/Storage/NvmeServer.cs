using System.Net;
using System.Net.Sockets;
using Lifeboat.Drill.Guests;
using Lifeboat.Machine.Tests.Loading;

namespace Lifeboat.Machine.Tests.Storage;

/// <summary>A guest whose kernel gives one disk to others by NVMe over TCP, on a free port of this machine's loopback.</summary>
internal sealed class NvmeServer : IDisposable
{
    /// <summary>The subsystem's name.</summary>
    public const string Name = "nqn.2026-11.example:crash";

    private const string Ready = "@@ the disk is given to others";

    private readonly TemporaryFolder _folder;
    private readonly GuestMachine _guest;

    private NvmeServer(TemporaryFolder folder, GuestMachine guest, int port)
    {
        _folder = folder;
        _guest = guest;
        Port = port;
    }

    public int Port { get; }

    /// <summary>Starts one.</summary>
    /// <param name="kernel">Its kernel.</param>
    /// <param name="disk">The disk's image.</param>
    public static NvmeServer Start(TestKernel kernel, string disk)
    {
        var folder = new TemporaryFolder();
        int port = FreePort();
        GuestMachine guest = DebianGuest.Start(kernel, folder, $"""
            depmod
            for module in virtio_pci virtio_net virtio_blk configfs nvmet-tcp; do modprobe $module; done
            ip link set eth0 up
            ip addr add 10.0.2.15/24 dev eth0
            ip route add default via 10.0.2.2
            mountpoint -q /sys/kernel/config || mount -t configfs configfs /sys/kernel/config
            cd /sys/kernel/config/nvmet
            mkdir -p subsystems/{Name}/namespaces/1 ports/1
            echo 1 > subsystems/{Name}/attr_allow_any_host
            echo -n /dev/vda > subsystems/{Name}/namespaces/1/device_path
            echo 1 > subsystems/{Name}/namespaces/1/enable
            echo tcp > ports/1/addr_trtype
            echo ipv4 > ports/1/addr_adrfam
            echo 10.0.2.15 > ports/1/addr_traddr
            echo 4420 > ports/1/addr_trsvcid
            ln -s $PWD/subsystems/{Name} ports/1/subsystems/
            [ -e ports/1/subsystems/{Name} ] && echo "{Ready}"
            sleep infinity
            """, new DebianGuestSetup
        {
            Append = "net.ifnames=0",
            Modules = ["virtio_pci", "virtio_net", "virtio_blk", "configfs", "nvmet-tcp"],
            Arguments =
            [
                "-drive", $"file={disk},if=none,id=given,format=raw", "-device", "virtio-blk-pci,drive=given",
                "-netdev", $"user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:{port}-:4420", "-device", "virtio-net-pci,netdev=net,romfile=",
            ],
        });
        bool isReady = false;
        List<string> lines = DebianGuest.Read(guest, line => !(isReady |= line == Ready));
        var server = new NvmeServer(folder, guest, port);
        if (!isReady)
        {
            server.Dispose();
            Assert.Fail($"nothing is given to others: {string.Join('\n', lines.TakeLast(20))}");
        }

        return server;
    }

    public void Dispose()
    {
        _guest.Dispose();
        _folder.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
