using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Lifeboat.Capture.Init;
using Lifeboat.Capture.Settings;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;

namespace Lifeboat.Capture.Targets;

/// <summary>
/// Mounts an NFS export by mount(2) alone: what mount.nfs asks the network for, address and version, is known or tried here
/// (the options of fs/nfs/fs_context.c).
/// </summary>
/// <remarks>
/// All mounts are <c>soft</c>: a server that no longer answers becomes an error after <c>timeo</c> * (<c>retrans</c> + 1) tenths of a
/// second, and the next target is tried. Version 3 is mounted with <c>nolock</c>, as no rpc.statd runs here.
/// </remarks>
/// <param name="mount">Mounts an export with options; a test's own. Null for the kernel's.</param>
internal sealed class NfsMount(Action<string, string, string>? mount = null)
{
    // 4.2 comes late: of a file that is written in pieces the kernel reads back by READ_PLUS there, and 6.12's fails with EIO on what
    // nfs-ganesha 4.3 answers. Nothing else of 4.2 is of use here.
    private static readonly string[] Versions = ["4.1", "4.0", "4.2", "3"];

    private readonly Action<string, string, string> _mount = mount ?? MountByKernel;

    /// <summary>Mounts the export on a folder.</summary>
    /// <param name="target">The export.</param>
    /// <param name="addresses">The server's addresses, the preferred one first.</param>
    /// <param name="folder">Where.</param>
    /// <param name="cancellation">Ends the waiting for the server.</param>
    /// <exception cref="KernelInterfaceException">The kernel or the server refuses, in the words of the last attempt.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    internal void Mount(NfsTarget target, IReadOnlyList<IPAddress> addresses, string folder, CancellationToken cancellation)
    {
        KernelInterfaceException? refused = null;
        foreach (IPAddress address in addresses)
        {
            foreach (string version in target.Version is { } wanted ? [wanted] : Versions)
            {
                refused = Attempt(target.Source, folder, OptionsFor(target, version, address), cancellation);
                if (refused is null)
                {
                    return;
                }

                if (IsSilence(refused.Errno))
                {
                    // Another version would be waited for as long.
                    break;
                }
            }
        }

        throw refused ?? new KernelInterfaceException("mount", target.Source, Errno.EADDRNOTAVAIL, "The server has no address");
    }

    /// <summary>The options of a mount.</summary>
    internal static string OptionsFor(NfsTarget target, string version, IPAddress address)
    {
        string protocol = address.AddressFamily == AddressFamily.InterNetworkV6 ? "tcp6" : "tcp";
        string options = Text($"vers={version},addr={address},proto={protocol},soft,timeo={target.Timeout},retrans={target.Retries},sec=sys");
        if (target.Port != 0)
        {
            options += Text($",port={target.Port}");
        }

        if (version == "3")
        {
            options += Text($",nolock,mountaddr={address},mountproto={protocol},mountvers=3");
            if (target.MountPort != 0)
            {
                options += Text($",mountport={target.MountPort}");
            }
        }

        return options;
    }

    private static bool IsSilence(Errno errno) => errno is Errno.ETIMEDOUT or Errno.EHOSTUNREACH or Errno.ENETUNREACH;

    private static void MountByKernel(string source, string folder, string options)
    {
        try
        {
            FileSystemMount.Mount(
                source, folder, "nfs", MountOptions.NoSetUserId | MountOptions.NoDevices | MountOptions.NoPrograms, options);
        }
        catch (KernelInterfaceException refusal)
        {
            throw new KernelInterfaceException("mount", $"{source} ({options})", refusal.Errno, Hint(refusal.Errno));
        }
    }

    private static string? Hint(Errno errno) => errno switch
    {
        Errno.ENODEV => "The kernel does not know nfs: its module is not in the ramdisk or was not loaded",
        Errno.EACCES or Errno.EPERM => "The server does not let this address mount it: see its exports",
        Errno.ENOENT => "The server has no such export",
        Errno.EPROTONOSUPPORT => "The server does not speak this version: say another vers=",
        Errno.ECONNREFUSED => "Nothing listens there: see the server and port=",
        Errno.ETIMEDOUT => "The server does not answer",
        _ => null,
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    // A server may hold mount(2) longer than anybody waits: the thread is left behind with it.
    private KernelInterfaceException? Attempt(string source, string folder, string options, CancellationToken cancellation)
    {
        Exception? error = null;
        var done = new ManualResetEventSlim();
        var thread = new Thread(() =>
        {
            try
            {
                _mount(source, folder, options);
            }
#pragma warning disable CA1031 // Carried to the thread that waits.
            catch (Exception any)
#pragma warning restore CA1031
            {
                error = any;
            }

            done.Set();
        })
        {
            IsBackground = true,
            Name = "nfs mount",
        };
        thread.Start();
        done.Wait(cancellation);
        return error is null or KernelInterfaceException
            ? (KernelInterfaceException?)error
            : throw new IOException($"mount {source}: {error.Message}", error);
    }
}
