using System.Text;
using Lifeboat.Capture.HostPrograms;
using Lifeboat.Capture.Ramdisk;
using Lifeboat.Capture.Settings;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Ssh;

/// <summary>What a ramdisk must have so that a crash can be sent through ssh: the client, for each target one key and one host key.</summary>
public sealed class SshNeeds
{
    private const int Secret = 0x180;
    private const int MaxKeyBytes = 1 << 16;
    private static readonly TimeSpan KeygenLimit = TimeSpan.FromSeconds(20);
    private static readonly string[] KnownHostsFiles = ["/root/.ssh/known_hosts", "/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2"];

    private readonly CaptureSettings _settings;
    private readonly string _root;
    private readonly Func<string, string> _knownHosts;

    /// <summary>Looks on a machine.</summary>
    /// <param name="settings">The settings with the targets.</param>
    /// <param name="root">The folder that holds the machine's programs.</param>
    /// <param name="knownHosts">What its known_hosts files say of a name; null for asking ssh-keygen of this machine.</param>
    public SshNeeds(CaptureSettings settings, string root = "/", Func<string, string>? knownHosts = null)
    {
        _settings = settings;
        _root = root;
        _knownHosts = knownHosts ?? AskKeygen;
    }

    /// <summary>The client; nothing when no target is reached through ssh.</summary>
    /// <exception cref="DiagnosticException">It is not on this machine, or a library of its is missing.</exception>
    public IReadOnlyList<HostProgram> Programs()
    {
        foreach (DumpTarget target in _settings.Targets)
        {
            if (target is SshTarget)
            {
                // It looks up who it runs as; before glibc 2.34 that takes a library which it opens by name.
                return [HostProgram.Resolve(SshConnection.DefaultProgram, _root, "libnss_files.so.2")];
            }
        }

        return [];
    }

    /// <summary>The files beside the client; none when no target is reached through ssh.</summary>
    /// <exception cref="DiagnosticException">Something is missing; the remedy says how to get it.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public IReadOnlyList<RamdiskFile> Files()
    {
        var files = new List<RamdiskFile>();
        for (int i = 0; i < _settings.Targets.Count; i++)
        {
            if (_settings.Targets[i] is SshTarget target && IndexOf(_settings.Targets, target) == i)
            {
                if (files.Count == 0)
                {
                    files.Add(RamdiskFile.FromBytes("/etc/passwd", "root:x:0:0:root:/:/init\n"u8.ToArray()));
                    files.Add(RamdiskFile.FromBytes("/etc/nsswitch.conf", "passwd: files\nhosts: files\n"u8.ToArray()));
                }

                files.Add(RamdiskFile.FromBytes(SshConnection.RamdiskPath(i, "key"), ReadKey(target.Key ?? _settings.SshKey), Secret));
                files.Add(RamdiskFile.FromBytes(
                    SshConnection.RamdiskPath(i, "known_hosts"),
                    Encoding.ASCII.GetBytes($"{SshConnection.HostAlias} {HostKeys.Find(target, _knownHosts)}\n")));
            }
        }

        return files;
    }

    /// <summary>The place of a target among all: its files lie under this number.</summary>
    internal static int IndexOf(DumpTargets targets, SshTarget target)
    {
        int index = 0;
        while (!targets[index].Equals(target))
        {
            index++;
        }

        return index;
    }

    private static byte[] ReadKey(string path)
    {
        string? found;
        try
        {
            byte[] key = new FileInfo(path).Length <= MaxKeyBytes ? File.ReadAllBytes(path) : [];
            found = !key.AsSpan().StartsWith("-----BEGIN "u8) || key.AsSpan().IndexOf("PRIVATE KEY-----"u8) < 0 ? "a file that is no secret key"
                : key.AsSpan().IndexOf("ENCRYPTED"u8) >= 0 || (FindKeygen() is { } keygen && ProgramOutput.Of(keygen, ["-y", "-P", "", "-f", path], KeygenLimit) is null)
                    ? "a key with a passphrase, which nobody can type at a crash, or a damaged one"
                : null;
            if (found is null)
            {
                return key;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            found = error.Message;
        }

        throw new DiagnosticException(new Diagnostic(CaptureDiagnostics.SshKeyUnfit, "The key to log in with cannot be used")
        {
            Where = path,
            Found = found,
            Expected = "a secret key without a passphrase",
            Remedy = $"Make one for crashes only with ssh-keygen -t ed25519 -N '' -f {path}, and put {path}.pub into authorized_keys of the far side, "
                + "allowed one command there: command=\"lifeboat receive /var/crash\",restrict ssh-ed25519 AAAA...",
        });
    }

    private static string AskKeygen(string name)
    {
        var text = new StringBuilder();
        foreach (string file in KnownHostsFiles)
        {
            if (File.Exists(file) && FindKeygen() is { } keygen)
            {
                text.AppendLine(ProgramOutput.Of(keygen, ["-F", name, "-f", file], KeygenLimit));
            }
        }

        return text.ToString();
    }

    private static string? FindKeygen()
    {
        const string Keygen = "/usr/bin/ssh-keygen";
        return File.Exists(Keygen) ? Keygen : null;
    }
}
