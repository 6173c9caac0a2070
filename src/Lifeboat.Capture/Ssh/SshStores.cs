using System.Net;
using Lifeboat.Capture.Http;
using Lifeboat.Capture.Settings;
using Lifeboat.Capture.Stores;

namespace Lifeboat.Capture.Ssh;

/// <summary>The stores behind <c>ssh</c>, by what takes the crash on the far side.</summary>
public static class SshStores
{
    /// <summary>A store that connects when a crash begins.</summary>
    /// <param name="target">The target.</param>
    /// <param name="settings">The settings that it is of.</param>
    /// <param name="connection">How ssh is called.</param>
    /// <param name="time">Measures the waiting.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static CrashStore Open(
        SshTarget target, CaptureSettings settings, SshConnection connection, TimeProvider time, CancellationToken cancellation)
    {
        string folder = (target.Path ?? settings.Path).TrimEnd('/');
        return target.Command switch
        {
            SshCommand.Receive => new SshReceiveStore(connection, folder, time, cancellation),
            SshCommand.Cat => new SshCatStore(connection, folder, time, cancellation),
            _ => new SshSftpStore(connection, folder, time, cancellation),
        };
    }

    /// <summary>
    /// The first of a host's addresses that takes connections: ssh itself would spend all of its time on one that is dead. Where none does,
    /// the first, for which ssh says why.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    internal static IPAddress FirstToAnswer(IReadOnlyList<IPAddress> addresses, int port, CancellationToken cancellation)
    {
        for (int i = 0; i < addresses.Count && addresses.Count > 1; i++)
        {
            try
            {
                using var channel = SocketChannel.Connect(addresses[i], port, new HttpTimeouts(), cancellation);
                return addresses[i];
            }
            catch (TransportException)
            {
                // The next one may.
            }
        }

        return addresses[0];
    }
}
