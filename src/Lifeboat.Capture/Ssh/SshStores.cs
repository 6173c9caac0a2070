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
}
