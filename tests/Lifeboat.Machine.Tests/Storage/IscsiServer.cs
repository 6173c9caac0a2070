using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Lifeboat.Machine.Tests.Storage;

/// <summary>tgt's iSCSI target with one disk, on a free port of loopback, for as long as the object lives. It wants a name and a password.</summary>
internal sealed class IscsiServer : IDisposable
{
    /// <summary>The target's name.</summary>
    public const string Name = "iqn.2026-11.example:crash";

    /// <summary>Who may log in.</summary>
    public const string User = "crasher";

    /// <summary>With what.</summary>
    public const string Password = "verysecret 12";

    private const string Administration = "tgtadm";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    private IscsiServer(Process process, int port)
    {
        _process = process;
        Port = port;
    }

    public int Port { get; }

    /// <summary>Starts one; the test is skipped where it is not installed.</summary>
    /// <param name="disk">The disk's image.</param>
    public static IscsiServer Start(string disk)
    {
        string program = TestMachine.Oracle("tgtd");
        int port = FreePort();
        Process process = Process.Start(
            new ProcessStartInfo(program, ["-f", "-C", Control(port), "--iscsi", $"portal=127.0.0.1:{port}"]) { RedirectStandardError = true })!;
        var server = new IscsiServer(process, port);
        try
        {
            // Its own messages are not read; it ends when its pipe is full otherwise.
            process.BeginErrorReadLine();
            var clock = Stopwatch.StartNew();
            while (server.Ask("show", "--mode", "target").ExitCode != 0)
            {
                Assert.False(process.HasExited || clock.Elapsed > Limit, "tgtd did not come up");
                process.WaitForExit(TimeSpan.FromMilliseconds(100));
            }

            server.Do("new", "--mode", "target", "--tid", "1", "-T", Name);
            server.Do("new", "--mode", "logicalunit", "--tid", "1", "--lun", "1", "-b", disk);
            server.Do("bind", "--mode", "target", "--tid", "1", "-I", "ALL");
            server.Do("new", "--mode", "account", "--user", User, "--password", Password);
            server.Do("bind", "--mode", "account", "--tid", "1", "--user", User);
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Ends it, as a host does that loses its power.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    // A number of its own below 32768, by which tgtadm finds it.
    private static string Control(int port) => (port % 32000).ToString(CultureInfo.InvariantCulture);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Do(params string[] arguments)
    {
        ProgramResult result = Ask(arguments);
        Assert.True(result.ExitCode == 0, $"{Administration} {string.Join(' ', arguments)}: {result.Output}{result.Error}");
    }

    private ProgramResult Ask(params string[] arguments) =>
        TestMachine.Run(TestMachine.Oracle(Administration), ["-C", Control(Port), "--lld", "iscsi", "--op", .. arguments]);
}
