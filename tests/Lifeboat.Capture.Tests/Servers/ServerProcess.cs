using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Lifeboat.Capture.Tests.Servers;

/// <summary>A server that we did not write, on loopback, as a process of the test's own.</summary>
internal sealed class ServerProcess : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly List<string> _lines = [];
    private bool _isStopped;
    private readonly TaskCompletionSource<int> _port = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(string program, params string[] arguments)
    {
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments)
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
            EnableRaisingEvents = true,
        };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.Exited += (_, _) => _port.TrySetException(new InvalidOperationException($"{program} ended"));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Port { get; private set; }

    /// <summary>Ends it and gives what it said: a line for each request, all that came before it was ended.</summary>
    public IReadOnlyList<string> StopAndRead()
    {
        Stop();
        return _lines;
    }

    public static ServerProcess Tus(string folder, int port = 0, string authorization = "-", params string[] tls) =>
        Node("tus.mjs", folder, [port.ToString(CultureInfo.InvariantCulture), authorization, .. tls]);

    public static ServerProcess ObjectStore(string folder, int port = 0, params string[] tls) =>
        Node("s3.cjs", folder, [port.ToString(CultureInfo.InvariantCulture), .. tls]);

    /// <summary>nginx, which stores what is put; it listens where its settings say, on a port that was free just before.</summary>
    public static ServerProcess Nginx(TemporaryFolder folder, string server, string listen = "")
    {
        int port = FreePort();
        string settings = folder.Write("nginx.conf", $$"""
            daemon off;
            master_process off;
            pid {{folder.Path}}/nginx.pid;
            error_log stderr notice;
            events { }
            http {
              client_max_body_size 0;
              client_body_temp_path {{folder.Path}}/body;
              proxy_temp_path {{folder.Path}}/proxy;
              fastcgi_temp_path {{folder.Path}}/fastcgi;
              uwsgi_temp_path {{folder.Path}}/uwsgi;
              scgi_temp_path {{folder.Path}}/scgi;
              log_format requests '$request_method $uri $status';
              access_log {{folder.Path}}/access.log requests;
              server {
                listen 127.0.0.1:{{port}} {{listen}};
                {{server}}
              }
            }
            """);
        var process = new ServerProcess(Oracle.Require("nginx"), "-c", settings, "-e", "stderr", "-p", folder.Path);
        WaitForPort(port);
        process.Port = port;
        return process;
    }

    public void Dispose()
    {
        if (!_isStopped)
        {
            Stop();
        }

        _process.Dispose();
    }

    // Without a limit the wait lasts until all that it said is here.
    private void Stop()
    {
        _isStopped = true;
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.WaitForExit();
    }

    private static ServerProcess Node(string script, string folder, string[] arguments)
    {
        string? modules = Environment.GetEnvironmentVariable("LIFEBOAT_TEST_SERVERS");
        string? node = new[] { "/usr/local/bin/node", "/usr/bin/node" }.FirstOrDefault(File.Exists);
        Assert.SkipUnless(
            node is not null && Directory.Exists(Path.Combine(modules ?? "/nonexistent", "node_modules")),
            "LIFEBOAT_TEST_SERVERS names no folder with servers for node, or there is no node");
        Directory.CreateDirectory(folder);
        var process = new ServerProcess(node!, [Path.Combine(AppContext.BaseDirectory, "Servers", script), modules!, folder, .. arguments]);
        process.Port = process._port.Task.WaitAsync(Limit).GetAwaiter().GetResult();
        return process;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // nginx does not say when it listens.
    private static void WaitForPort(int port)
    {
        for (long start = Stopwatch.GetTimestamp(); ;)
        {
            try
            {
                using var client = new TcpClient();
                client.Connect(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException) when (Stopwatch.GetElapsedTime(start) < Limit)
            {
                Thread.Yield();
            }
        }
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_lines)
        {
            _lines.Add(line);
        }

        if (line.StartsWith("listening ", StringComparison.Ordinal))
        {
            _port.TrySetResult(int.Parse(line.AsSpan(10), CultureInfo.InvariantCulture));
        }
    }
}
