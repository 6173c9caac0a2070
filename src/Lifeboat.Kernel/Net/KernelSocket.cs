using System.Globalization;
using System.Text;
using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Kernel.Net;

/// <summary>A socket of a process (<c>struct socket</c>, and the <c>struct sock</c> behind it).</summary>
/// <remarks><para>Each property reads memory anew. What cannot be read is null.</para></remarks>
public sealed class KernelSocket
{
    private const int MaxUnixName = 110; // sizeof(struct sockaddr_un)
    private const int FamilyBytes = 2; // sun_family, before the name

    private readonly CrashedKernel _kernel;

    internal KernelSocket(CrashedKernel kernel, KernelObject socket) => (_kernel, Object) = (kernel, socket);

    /// <summary>The <c>struct socket</c>.</summary>
    public KernelObject Object { get; }

    /// <summary>The <c>struct sock</c>; null when it has none any more.</summary>
    public KernelObject? Sock => Object.Follow("sk");

    /// <summary>The family by name: <c>UNIX</c>, <c>INET</c>, <c>INET6</c>, <c>NETLINK</c>.</summary>
    public string? Family => SocketNames.Family(FamilyNumber);

    /// <summary>The type by name: <c>STREAM</c>, <c>DGRAM</c>, <c>RAW</c>, <c>SEQPACKET</c>.</summary>
    public string? Type => SocketNames.Type(Object.Number("type"));

    /// <summary>The protocol within the family: 6 is TCP, 17 is UDP.</summary>
    public ulong? Protocol => Sock?.Number("sk_protocol");

    /// <summary>The state, by the names of TCP's, which the other families share: <c>ESTABLISHED</c>, <c>LISTEN</c>, <c>CLOSE</c>.</summary>
    public string? State => SocketNames.State(Sock?.Number("__sk_common.skc_state"));

    /// <summary>The number that /proc/PID/fd and /proc/net have for it.</summary>
    public ulong? InodeNumber => _kernel.Within(Object, "struct socket_alloc", "socket")?.Number("vfs_inode.i_ino");

    /// <summary>Its own end: address and port, a path, <c>@name</c> for one without a file; empty when it has none.</summary>
    public string? Local => FamilyNumber switch
    {
        SocketNames.Internet or SocketNames.Internet6 => Internet("rcv_saddr", (int?)Sock?.Number("__sk_common.skc_num")),
        SocketNames.Unix => UnixName(),
        SocketNames.Netlink => _kernel.Within(Sock, "struct netlink_sock", "sk")?.Number("portid")?.ToString(CultureInfo.InvariantCulture),
        null => null,
        _ => "",
    };

    /// <summary>The other end, <c>socket:[1234]</c> for one of this machine; empty when there is none.</summary>
    public string? Remote => FamilyNumber switch
    {
        SocketNames.Internet or SocketNames.Internet6 =>
            Internet("daddr", NetText.Port(Sock?.Number("__sk_common.skc_dport"))),
        SocketNames.Unix => UnixPeer(),
        null => null,
        _ => "",
    };

    private ulong? FamilyNumber => Sock?.Number("__sk_common.skc_family");

    private string? Internet(string address, int? port) => Sock is not { } sock ? null : NetText.WithPort(
        FamilyNumber == SocketNames.Internet ? NetText.Version4(sock.Number($"__sk_common.skc_{address}"))
        : sock.TryGet($"__sk_common.skc_v6_{address}", out KernelObject? six) ? NetText.Version6(six) : null,
        port);

    private string? UnixName()
    {
        if (_kernel.Within(Sock, "struct unix_sock", "sk") is not { } unix || unix.AddressIn("addr") is not { } named)
        {
            return null;
        }

        if (named == VirtualAddress.Null)
        {
            return "";
        }

        KernelObject address = unix["addr"];
        if (address.Number("len") is not { } length || !address.TryGet("name", out KernelObject? name))
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[MaxUnixName];
        int wanted = (int)Math.Min(length, MaxUnixName);
        if (wanted <= FamilyBytes || name.Read(bytes[..wanted], out _) < wanted)
        {
            return wanted <= FamilyBytes ? "" : null;
        }

        Span<byte> text = bytes[FamilyBytes..wanted];
        if (text[0] == 0)
        {
            // No file: the name is as long as it says, zeros and all.
            text.Replace((byte)0, (byte)'@');
        }
        else if (text.IndexOf((byte)0) is >= 0 and var end)
        {
            text = text[..end];
        }

        return Encoding.UTF8.GetString(text);
    }

    private string? UnixPeer()
    {
        if (_kernel.Within(Sock, "struct unix_sock", "sk") is not { } unix || unix.AddressIn("peer") is not { } peer)
        {
            return null;
        }

        return peer == VirtualAddress.Null || unix.Follow("peer.sk_socket") is not { } socket ? ""
            : $"socket:[{new KernelSocket(_kernel, socket).InodeNumber}]";
    }
}
