namespace Lifeboat.Capture.Tests.Network;

/// <summary>A real DHCP server (busybox's udhcpd).</summary>
internal static class DhcpServer
{
    /// <summary>Starts one that has one address to give, with the router 192.0.2.1.</summary>
    internal static void Start(TestNamespace where, TemporaryFolder folder, string link, string address)
    {
        File.WriteAllText(folder.Combine("leases"), "");
        File.WriteAllText(
            folder.Combine("udhcpd.conf"),
            $"""
            start {address}
            end {address}
            interface {link}
            lease_file {folder.Combine("leases")}
            pidfile {folder.Combine("pid")}
            option subnet 255.255.255.0
            option router 192.0.2.1
            option lease 3600

            """);
        where.Start("busybox", "udhcpd", "-f", folder.Combine("udhcpd.conf"));
    }
}
