using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Lifeboat.Capture.Tests.Servers;

/// <summary>A server that sends given answers whatever it is asked, each when a request's head has come; then it is silent.</summary>
internal sealed class ScriptedServer : IDisposable
{
    private readonly TcpListener _listener;
    private readonly Queue<string> _answers;
    private readonly List<string> _heads = [];
    private readonly List<TcpClient> _clients = [];

    public ScriptedServer(params string[] answers)
        : this(IPAddress.Loopback, answers)
    {
    }

    public ScriptedServer(IPAddress address, params string[] answers)
    {
        _listener = new TcpListener(address, 0);
        _answers = new Queue<string>(answers);
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The heads of the requests that came.</summary>
    public IReadOnlyList<string> Heads
    {
        get
        {
            lock (_heads)
            {
                return [.. _heads];
            }
        }
    }

    public static string Answer(int status, string fields = "", string body = "") =>
        $"HTTP/1.1 {status} x\r\nContent-Length: {body.Length}\r\n{fields}\r\n{body}";

    public void Dispose()
    {
        _listener.Dispose();
        lock (_clients)
        {
            _clients.ForEach(client => client.Dispose());
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync();
                lock (_clients)
                {
                    _clients.Add(client);
                }

                _ = ServeAsync(client);
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            NetworkStream stream = client.GetStream();
            var text = new StringBuilder();
            byte[] buffer = new byte[65536];
            for (int read; (read = await stream.ReadAsync(buffer)) > 0;)
            {
                text.Append(Encoding.Latin1.GetString(buffer, 0, read));
                int end = text.ToString().IndexOf("\r\n\r\n", StringComparison.Ordinal);
                if (end < 0)
                {
                    continue;
                }

                string head = text.ToString(0, end);
                string? answer;
                lock (_heads)
                {
                    _heads.Add(head);
                    _answers.TryDequeue(out answer);
                }

                int length = head.Split("\r\n").Where(line => line.StartsWith("Content-Length: ", StringComparison.Ordinal))
                    .Select(line => int.Parse(line[16..], System.Globalization.CultureInfo.InvariantCulture)).FirstOrDefault();
                int missing = length - (text.Length - end - 4);
                while (missing > 0 && (read = await stream.ReadAsync(buffer)) > 0)
                {
                    missing -= read;
                }

                text.Clear();
                if (answer is not null)
                {
                    await stream.WriteAsync(Encoding.Latin1.GetBytes(answer));
                }
            }
        }
        catch (Exception end) when (end is IOException or ObjectDisposedException)
        {
        }
    }
}
