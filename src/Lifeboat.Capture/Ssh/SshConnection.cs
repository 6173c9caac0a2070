using System.Diagnostics;
using System.Globalization;
using System.Net;
using Lifeboat.Capture.Ramdisk;
using Lifeboat.Capture.Settings;

namespace Lifeboat.Capture.Ssh;

/// <summary>How the ssh client is called: one key, one host key, nothing asked, nothing read but what is named here.</summary>
public sealed class SshConnection
{
    /// <summary>The client, on this machine and in the ramdisk.</summary>
    public const string DefaultProgram = "/usr/bin/ssh";

    /// <summary>The client.</summary>
    public string Program { get; init; } = DefaultProgram;

    /// <summary>The name to log in by.</summary>
    public required string User { get; init; }

    /// <summary>The far side's address, or its name where names are resolved.</summary>
    public required string Address { get; init; }

    /// <summary>The port.</summary>
    public int Port { get; init; } = SshTarget.DefaultPort;

    /// <summary>The file of the secret key.</summary>
    public required string KeyFile { get; init; }

    /// <summary>The file with the far side's one key, under the name <see cref="HostAlias"/>.</summary>
    public required string KnownHostsFile { get; init; }

    /// <summary>How long a connection may take until the far side answers.</summary>
    public TimeSpan ConnectLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the far side may take nothing and say nothing.</summary>
    public TimeSpan StallLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The name that the far side's key stands under, whatever its address is.</summary>
    internal const string HostAlias = "lifeboat-target";

    /// <summary>The connection for a target, by the files that <see cref="SshNeeds"/> put into the ramdisk.</summary>
    /// <param name="target">The target.</param>
    /// <param name="index">Its place among the targets.</param>
    /// <param name="address">Its host's address; null for the name.</param>
    public static SshConnection InRamdisk(SshTarget target, int index, IPAddress? address = null) => new()
    {
        User = target.User,
        Address = address?.ToString() ?? target.Host,
        Port = target.Port,
        KeyFile = RamdiskPath(index, "key"),
        KnownHostsFile = RamdiskPath(index, "known_hosts"),
    };

    /// <summary>The far side for a person.</summary>
    public override string ToString() => $"{User}@{Address}";

    internal static string RamdiskPath(int index, string file) =>
        string.Create(CultureInfo.InvariantCulture, $"{Path.GetDirectoryName(RamdiskLayout.Settings)}/ssh/{index}/{file}");

    internal ProcessStartInfo Start(bool isSubsystem, string command)
    {
        // Without configuration files, agents, passwords and questions: what is not said here does not happen.
        string[] options =
        [
            "BatchMode=yes", "StrictHostKeyChecking=yes", $"UserKnownHostsFile={KnownHostsFile}", "GlobalKnownHostsFile=/dev/null",
            $"HostKeyAlias={HostAlias}", "UpdateHostKeys=no", "CheckHostIP=no", "VerifyHostKeyDNS=no",
            "IdentitiesOnly=yes", "IdentityAgent=none", "PreferredAuthentications=publickey", "ControlPath=none", "LogLevel=ERROR",
            "ClearAllForwardings=yes", "PermitLocalCommand=no", "Compression=no",
            Text($"ConnectTimeout={Math.Max(1, (int)ConnectLimit.TotalSeconds)}"),
            Text($"ServerAliveInterval={Math.Max(1, (int)StallLimit.TotalSeconds / 4)}"), "ServerAliveCountMax=3",
        ];
        var arguments = new List<string> { "-F", "none", "-T", "-x", "-a", "-i", KeyFile, "-p", Text($"{Port}"), "-l", User };
        foreach (string option in options)
        {
            arguments.Add("-o");
            arguments.Add(option);
        }

        if (isSubsystem)
        {
            arguments.Add("-s");
        }

        arguments.AddRange(["--", Address, command]);
        return new ProcessStartInfo(Program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }

    /// <summary>A path as one word for a shell.</summary>
    internal static string Quoted(string path) => $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
