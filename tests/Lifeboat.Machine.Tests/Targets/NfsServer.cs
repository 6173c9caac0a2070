using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Lifeboat.Machine.Tests.Targets;

/// <summary>nfs-ganesha with one export, NFS 4 and, when asked for, 3 on free ports of loopback, for as long as the object lives.</summary>
internal sealed class NfsServer : IDisposable
{
    /// <summary>The path of the export as clients name it.</summary>
    public const string Export = "/export";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly PortMapper? _mapper;

    private NfsServer(Process process, int port, int mountPort, string folder, PortMapper? mapper)
    {
        _process = process;
        _mapper = mapper;
        Port = port;
        MountPort = mountPort;
        Folder = folder;
    }

    public int Port { get; }

    /// <summary>Where version 3 mounts.</summary>
    public int MountPort { get; }

    /// <summary>The folder that is exported.</summary>
    public string Folder { get; }

    /// <summary>Starts one; the test is skipped where it is not installed, or not root runs it.</summary>
    /// <param name="folder">Where its files are.</param>
    /// <param name="isOld">Whether it serves version 3 too, whose exports are named by <see cref="Folder"/>.</param>
    public static NfsServer Start(TemporaryFolder folder, bool isOld = false)
    {
        string program = TestMachine.Oracle("ganesha.nfsd");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "nfs-ganesha opens files by their handles, which only root may");
        string export = Directory.CreateDirectory(folder.File("export")).FullName;
        string state = Directory.CreateDirectory(folder.File("state")).FullName;
        int port = FreePort();
        int mountPort = FreePort();

        // Version 4 alone needs no port mapper.
        PortMapper? mapper = isOld ? PortMapper.Start() : null;
        string versions = isOld ? "3, 4" : "4";
        string configuration = folder.File("ganesha.conf");
        File.WriteAllText(configuration, $$"""
            NFS_CORE_PARAM { NFS_Port = {{port}}; MNT_Port = {{mountPort}}; Bind_addr = 127.0.0.1; Protocols = {{versions}}; Enable_NLM = false; Enable_RQUOTA = false; Enable_UDP = false; }
            NFSv4 { RecoveryBackend = fs; RecoveryRoot = "{{state}}"; Graceless = true; Minor_Versions = 0, 1, 2; }
            EXPORT {
                Export_Id = 1; Path = "{{export}}"; Pseudo = "{{Export}}"; Protocols = {{versions}};
                Access_Type = RW; Squash = No_Root_Squash; SecType = sys;
                FSAL { Name = VFS; }
            }
            """);
        string log = folder.File("ganesha.log");
        Process process = Process.Start(
            new ProcessStartInfo(program, ["-F", "-f", configuration, "-L", log, "-p", folder.File("ganesha.pid")]))!;
        var server = new NfsServer(process, port, mountPort, export, mapper);
        var clock = Stopwatch.StartNew();
        while (!Listens(port))
        {
            Assert.False(process.HasExited || clock.Elapsed > Limit, File.Exists(log) ? File.ReadAllText(log) : "the server did not come up");
            process.WaitForExit(TimeSpan.FromMilliseconds(100));
        }

        return server;
    }

    public void Dispose()
    {
        _mapper?.Dispose();
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static bool Listens(int port)
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
