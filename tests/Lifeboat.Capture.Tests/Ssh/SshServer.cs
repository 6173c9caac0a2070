using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Lifeboat.Capture.Ssh;

namespace Lifeboat.Capture.Tests.Ssh;

/// <summary>An sshd of a test's own, on a free port of this machine, with keys of its own.</summary>
internal sealed class SshServer : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lifeboat-sshd-").FullName;
    private readonly Process _process;

    private SshServer(string? forcedCommand, string sftp)
    {
        MakeKey("host");
        MakeKey("client");
        MakeKey("other");
        string publicKey = File.ReadAllText(PathOf("client.pub")).Trim();
        File.WriteAllText(PathOf("authorized_keys"), forcedCommand is null ? publicKey : $"command=\"{forcedCommand.Replace("\"", "\\\"", StringComparison.Ordinal)}\",restrict {publicKey}");
        Pin("host");
        if (Environment.IsPrivilegedProcess)
        {
            Directory.CreateDirectory("/run/sshd"); // where sshd locks itself in before a login
        }

        // Another process may take the port before sshd does.
        for (int attempt = 1; ; attempt++)
        {
            Port = FreePort();
            File.WriteAllText(PathOf("config"), $"""
                Port {Port}
                ListenAddress 127.0.0.1
                HostKey {PathOf("host")}
                AuthorizedKeysFile {PathOf("authorized_keys")}
                PidFile none
                StrictModes no
                UsePAM no
                PasswordAuthentication no
                KbdInteractiveAuthentication no
                PermitRootLogin yes
                Subsystem sftp {sftp}

                """);
            _process = Process.Start(new ProcessStartInfo(RequireSshd(), ["-D", "-e", "-f", PathOf("config")]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            if (HasStarted(_process))
            {
                return;
            }

            Assert.True(attempt < 5, "sshd does not start");
            _process.Dispose();
        }
    }

    public int Port { get; }

    /// <summary>A file of its: <c>client</c> is the key that it lets in, <c>host.pub</c> its own, <c>other</c> a key that nobody knows.</summary>
    public string PathOf(string file) => Path.Combine(_folder, file);

    /// <summary>The settings' line for it as a target.</summary>
    /// <param name="address">The host, as the capture kernel knows it.</param>
    /// <param name="key">The key that it is to show, <c>host</c> is its own.</param>
    /// <param name="port">The port; null for its own.</param>
    public string TargetLine(string address, string key = "host", int? port = null) =>
        $"ssh {Environment.UserName}@{address} port={port ?? Port} key={PathOf("client")} hostkey=\"{PublicKey(key)}\"";

    /// <summary>How to connect to it.</summary>
    public SshConnection Connection => ConnectionWith("client");

    /// <summary>Starts one; the test is skipped when sshd is not installed.</summary>
    public static SshServer Start(string? forcedCommand = null, string sftp = "internal-sftp")
    {
        Assert.SkipUnless(File.Exists(SshConnection.DefaultProgram), "ssh is not installed");
        RequireSshd();
        return new SshServer(forcedCommand, sftp);
    }

    public SshConnection ConnectionWith(string key, TimeSpan? stall = null) => new()
    {
        User = Environment.UserName,
        Address = "127.0.0.1",
        Port = Port,
        KeyFile = PathOf(key),
        KnownHostsFile = PathOf("known_hosts"),
        ConnectLimit = TimeSpan.FromSeconds(30),
        StallLimit = stall ?? TimeSpan.FromSeconds(30),
    };

    /// <summary>Makes another key the one that is expected of this server.</summary>
    public void Pin(string key) =>
        File.WriteAllText(PathOf("known_hosts"), $"lifeboat-target {PublicKey(key)}\n");

    /// <summary>Ends the connections, as a machine does that dies; the server goes on listening.</summary>
    public void KillConnections() => Signal("KILL");

    /// <summary>Stops the connections: they take nothing and say nothing.</summary>
    public void StopConnections() => Signal("STOP");

    public void Dispose()
    {
        Signal("KILL");
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string PublicKey(string name) => string.Join(' ', File.ReadAllText(PathOf($"{name}.pub")).Trim().Split(' ')[..2]);

    private static string RequireSshd()
    {
        const string Sshd = "/usr/sbin/sshd";
        Assert.SkipUnless(File.Exists(Sshd), "sshd is not installed");
        return Sshd;
    }

    // It says that it listens, or ends.
    private static bool HasStarted(Process process)
    {
        using var said = new ManualResetEventSlim();
        bool listens = false;
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null || line.Data.Contains("Server listening", StringComparison.Ordinal))
            {
                listens |= line.Data is not null;
                Signal(said);
            }
        };
        process.BeginErrorReadLine();
        Assert.True(said.Wait(TimeSpan.FromSeconds(60)), "sshd says nothing");
        return listens;
    }

    // Its last line comes after the event has served its purpose.
    private static void Signal(ManualResetEventSlim said)
    {
        try
        {
            said.Set();
        }
        catch (ObjectDisposedException)
        {
            // The test is over, and so is sshd.
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void MakeKey(string name)
    {
        using Process keygen = Process.Start("/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", PathOf(name)]);
        keygen.WaitForExit();
    }

    private void Signal(string signal)
    {
        List<int> processes = Descendants();
        if (processes.Count > 0)
        {
            using Process kill = Process.Start("/bin/sh", ["-c", $"kill -{signal} {string.Join(' ', processes)} 2>/dev/null"]);
            kill.WaitForExit();
        }
    }

    private List<int> Descendants()
    {
        var found = new List<int> { _process.Id };
        for (int i = 0; i < found.Count; i++)
        {
            string children = $"/proc/{found[i]}/task/{found[i]}/children";
            try
            {
                found.AddRange(File.ReadAllText(children).Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    .Select(word => int.Parse(word, CultureInfo.InvariantCulture)));
            }
            catch (IOException)
            {
                // It has ended meanwhile.
            }
        }

        found.RemoveAt(0);
        return found;
    }
}
