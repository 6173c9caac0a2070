using Lifeboat.Capture.Settings;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Ssh;

/// <summary>Which public key the far side of ssh must show: exactly one, known before the crash.</summary>
internal static class HostKeys
{
    private const int MaxFileBytes = 1 << 20;

    // The best that a host has is pinned.
    private static readonly string[] Preference = ["ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa"];

    /// <summary>Finds the key for a target.</summary>
    /// <param name="target">The target, whose line may say it.</param>
    /// <param name="knownHosts">Lines that known_hosts files have for a host's name, as <c>ssh-keygen -F</c> prints them.</param>
    /// <exception cref="DiagnosticException">There is none.</exception>
    internal static string Find(SshTarget target, Func<string, string> knownHosts)
    {
        if (target.HostKey is { } key && !key.StartsWith('/'))
        {
            return key;
        }

        string name = target.Port == SshTarget.DefaultPort ? target.Host : $"[{target.Host}]:{target.Port}";
        string text = target.HostKey is { } file ? Read(file) : knownHosts(name);
        return Best(text) ?? throw new DiagnosticException(new Diagnostic(
            CaptureDiagnostics.SshKeyUnfit, $"The host key of {target.Host} is not known: a crash would not be sent to it")
        {
            Where = target.HostKey ?? "known_hosts of root and of /etc/ssh",
            Found = text.Contains("@revoked", StringComparison.Ordinal) ? "a key that is revoked" : "none",
            Expected = "one public key, which the far side shows",
            Remedy = $"Get it with ssh-keyscan -p {target.Port} {target.Host}, compare it with the one on that machine "
                + "(/etc/ssh/ssh_host_ed25519_key.pub), and say it as hostkey=\"ssh-ed25519 AAAA...\"",
        });
    }

    /// <summary>The best key in lines of known_hosts, or of public key files; null when there is none, or one is revoked.</summary>
    internal static string? Best(string text)
    {
        string? best = null;
        int rank = int.MaxValue;
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            string[] words = line.ToString().Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 0 && words[0] == "@revoked")
            {
                return null;
            }

            // "host kind key", or "kind key comment".
            for (int at = 0; at <= 1 && at + 1 < words.Length && words[0][0] is not ('#' or '@'); at++)
            {
                int kind = Array.IndexOf(Preference, words[at]);
                if (kind >= 0 && kind < rank && SshTarget.IsPublicKey($"{words[at]} {words[at + 1]}"))
                {
                    (best, rank) = ($"{words[at]} {words[at + 1]}", kind);
                    break;
                }
            }
        }

        return best;
    }

    private static string Read(string file)
    {
        try
        {
            return new FileInfo(file).Length <= MaxFileBytes ? File.ReadAllText(file) : "";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
