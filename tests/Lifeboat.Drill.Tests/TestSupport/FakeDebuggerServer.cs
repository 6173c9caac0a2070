using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Lifeboat.Drill.Tests.TestSupport;

/// <summary>QEMU's side of gdb's remote protocol, as far as a drill uses it; answers one connection.</summary>
internal sealed class FakeDebuggerServer : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Func<string, string?>? _answer;
    private readonly Task _serving;

    /// <param name="path">The socket.</param>
    /// <param name="answer">Gives an answer of its own to a command; null closes the connection.</param>
    internal FakeDebuggerServer(string path, Func<string, string?>? answer = null)
    {
        _answer = answer;
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
        _serving = Task.Run(Serve);
    }

    internal Dictionary<ulong, byte> Memory { get; } = [];

    internal List<string> Commands { get; } = [];

    internal bool SawWrongChecksum { get; private set; }

    /// <summary>Waits until the connection is over.</summary>
    internal void WaitForEnd() => _serving.GetAwaiter().GetResult();

    public void Dispose() => _listener.Dispose();

    private void Serve()
    {
        using Socket connection = _listener.Accept();
        using var stream = new NetworkStream(connection);
        while (ReadPacket(stream) is { } command)
        {
            Commands.Add(command);
            if ((_answer is null ? Answer(command) : _answer(command)) is not { } answer)
            {
                return;
            }

            stream.Write(Encoding.ASCII.GetBytes($"+${answer}#{Sum(answer):x2}"));
        }
    }

    private string Answer(string command)
    {
        string[] parts = command.TrimStart('m', 'M').Split(',', ':');
        switch (command[0])
        {
            case 'm':
                return Memory.GetValueOrDefault(Hex(parts[0])).ToString("x2", CultureInfo.InvariantCulture);
            case 'M':
                Memory[Hex(parts[0])] = (byte)Hex(parts[2]);
                return "OK";
            default:
                return "OK";
        }
    }

    private string? ReadPacket(NetworkStream stream)
    {
        int next;
        while ((next = stream.ReadByte()) != '$')
        {
            if (next < 0)
            {
                return null;
            }
        }

        var body = new StringBuilder();
        while ((next = stream.ReadByte()) != '#')
        {
            body.Append((char)next);
        }

        string sum = $"{(char)stream.ReadByte()}{(char)stream.ReadByte()}";
        SawWrongChecksum |= (int)Hex(sum) != Sum(body.ToString());
        return body.ToString();
    }

    private static int Sum(string body) => body.Sum(character => character) & 0xFF;

    private static ulong Hex(string text) =>
        ulong.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
