using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using Lifeboat.Capture.Settings;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Network;

/// <summary>
/// Resolves the name of a target's host as the machine's programs do (hosts file, DNS, what nsswitch.conf says), through
/// <c>getent</c>: a static program has no such library.
/// </summary>
public static class HostAddresses
{
    private const string Program = "getent";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>The addresses of a host, the preferred one first; a literal address is itself.</summary>
    /// <exception cref="DiagnosticException">It has none, or its name is none.</exception>
    public static IReadOnlyList<IPAddress> Of(string host)
    {
        if (IPBytes.TryParse(host, out IPAddress? literal))
        {
            return [literal];
        }

        if (!NetworkPlanRules.IsHostName(host))
        {
            throw NotResolved(host, "no name or address of a host", "Name it by its DNS name, or by its address");
        }

        IReadOnlyList<IPAddress> addresses = Read(Ask(host));
        return addresses.Count > 0
            ? addresses
            : throw NotResolved(host, "no address", "Check the name with: getent ahosts " + host);
    }

    /// <summary>The addresses that <c>getent ahosts</c> lists, each once, in its order: <c>192.0.2.10  STREAM dumps.example</c>.</summary>
    internal static IReadOnlyList<IPAddress> Read(string output)
    {
        var addresses = new List<IPAddress>();
        foreach (ReadOnlySpan<char> line in output.AsSpan().EnumerateLines())
        {
            int end = line.IndexOf(' ');
            if (end > 0 && IPBytes.TryParse(line[..end], out IPAddress? address) && !addresses.Contains(address)
                && addresses.Count < NetworkPlan.MostParts)
            {
                addresses.Add(address);
            }
        }

        return addresses;
    }

    private static string Ask(string host)
    {
        try
        {
            using Process process = Process.Start(
                new ProcessStartInfo(Program, ["ahosts", host]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> error = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(Limit))
            {
                process.Kill();
                throw NotResolved(host, $"no answer in {Limit.TotalSeconds:0} s", "Check the machine's name server, or name the address");
            }

            Task.WaitAll(output, error);
            return output.Result;
        }
        catch (Win32Exception refusal)
        {
            throw NotResolved(host, $"{Program} cannot be run: {refusal.Message}", "Name the host by its address");
        }
    }

    private static DiagnosticException NotResolved(string host, string found, string remedy) =>
        new(new Diagnostic(CaptureDiagnostics.HostNotResolved, $"The target's host {SettingText.Shown(host)} is not resolved")
        {
            Found = found,
            Remedy = remedy,
        });
}
