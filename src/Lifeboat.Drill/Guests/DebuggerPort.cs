using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Drill.Inside.Interop;
using Microsoft.Win32.SafeHandles;

namespace Lifeboat.Drill.Guests;

/// <summary>
/// Reads and writes a guest's physical memory through QEMU's debugger port (gdb's remote serial protocol). The guest
/// stands still while the port is open and goes on when it is closed.
/// </summary>
internal sealed class DebuggerPort : IDisposable
{
    private const int AddressSize = 110; // struct sockaddr_un

    private readonly FileStream _stream;

    private DebuggerPort(FileStream stream) => _stream = stream;

    /// <summary>Connects, and has addresses taken as physical ones.</summary>
    /// <exception cref="DiagnosticException">QEMU has no physical mode (before 4.2) or answered something else.</exception>
    /// <exception cref="IOException">QEMU cannot be reached, or went away.</exception>
    public static DebuggerPort Open(string socketPath)
    {
        var port = new DebuggerPort(Connect(socketPath));
        try
        {
            port.Expect("Qqemu.PhyMemMode:1", "OK");
            return port;
        }
        catch
        {
            port.Dispose();
            throw;
        }
    }

    /// <summary>One byte of physical memory.</summary>
    public byte ReadByte(PhysicalAddress address)
    {
        string answer = Ask($"m{address.Value:x},1");
        return byte.TryParse(answer, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value)
            ? value
            : throw Unexpected($"m{address.Value:x},1", answer, "two hex digits");
    }

    /// <summary>Changes one byte of physical memory.</summary>
    public void WriteByte(PhysicalAddress address, byte value) => Expect($"M{address.Value:x},1:{value:x2}", "OK");

    /// <summary>Gives a command to QEMU's monitor, which says nothing when it is done.</summary>
    /// <exception cref="DiagnosticException">It said something: what is wrong.</exception>
    public void Monitor(string command)
    {
        // Packets that begin with O have the monitor's words; the last one says how it went.
        Send("qRcmd," + Convert.ToHexStringLower(Encoding.ASCII.GetBytes(command)));
        var words = new StringBuilder();
        string answer;
        do
        {
            answer = ReadPacket();
            if (answer.StartsWith('O') && answer != "OK")
            {
                words.Append(TextOf(answer.AsSpan(1)));
            }
        }
        while (answer.StartsWith('T') || (answer.StartsWith('O') && answer != "OK"));

        if (answer != "OK" || words.Length > 0)
        {
            throw Unexpected(command, words.Length > 0 ? words.ToString().Trim() : answer, "OK");
        }
    }

    /// <summary>Lets the guest go on.</summary>
    public void Dispose()
    {
        try
        {
            Ask("D");
        }
        catch (IOException)
        {
            // QEMU is gone, and the guest with it.
        }

        _stream.Dispose();
    }

    private static string TextOf(ReadOnlySpan<char> hex)
    {
        Span<byte> bytes = new byte[hex.Length / 2];
        return Convert.FromHexString(hex[..(bytes.Length * 2)], bytes, out _, out int written) == System.Buffers.OperationStatus.Done
            ? Encoding.UTF8.GetString(bytes[..written])
            : "";
    }

    // Not the runtime's sockets: 118 KB of every ramdisk for this one connection.
    private static unsafe FileStream Connect(string socketPath)
    {
        byte[] address = new byte[AddressSize];
        BinaryPrimitives.WriteInt16LittleEndian(address, LibC.FamilyUnix);
        if (Encoding.UTF8.GetByteCount(socketPath) >= AddressSize - sizeof(short))
        {
            throw new IOException($"QEMU's debugger port {socketPath} cannot be reached: the path is too long for a socket");
        }

        Encoding.UTF8.GetBytes(socketPath, address.AsSpan(sizeof(short)));
        var socket = new SafeFileHandle(LibC.Socket(LibC.FamilyUnix, LibC.SocketStream, 0), ownsHandle: true);

        // Safety: the array stays where it is while the kernel reads as many bytes as it has.
        fixed (byte* bytes = address)
        {
            if (socket.IsInvalid || LibC.Connect((int)socket.DangerousGetHandle(), bytes, AddressSize) != 0)
            {
                int errno = Marshal.GetLastPInvokeError();
                socket.Dispose();
                throw new IOException($"QEMU's debugger port {socketPath} cannot be reached: {Marshal.GetPInvokeErrorMessage(errno)}");
            }
        }

        return new FileStream(socket, FileAccess.ReadWrite, bufferSize: 0);
    }

    private static DiagnosticException Unexpected(string command, string answer, string expected) => new(
        new Diagnostic(DrillDiagnostics.DebuggerProtocol, "QEMU's debugger port gave an unexpected answer")
        {
            Where = command,
            Found = $"\"{answer}\"",
            Expected = expected,
        });

    private void Expect(string command, string expected)
    {
        string answer = Ask(command);
        if (answer != expected)
        {
            throw Unexpected(command, answer, expected);
        }
    }

    private string Ask(string command)
    {
        Send(command);

        // QEMU stops the guest when a debugger connects, and says so unasked (T02...) before any answer.
        string answer;
        do
        {
            answer = ReadPacket();
        }
        while (answer.StartsWith('T'));

        return answer;
    }

    private void Send(string command)
    {
        byte[] body = Encoding.ASCII.GetBytes(command);
        int sum = body.Sum(value => value) & 0xFF;
        _stream.Write(Encoding.ASCII.GetBytes($"${command}#{sum:x2}"));
    }

    private string ReadPacket()
    {
        // A packet is $body#checksum; acknowledgements (+) stand before it.
        while (ReadCharacter() != '$')
        {
        }

        var body = new StringBuilder();
        for (char next; (next = ReadCharacter()) != '#';)
        {
            body.Append(next);
        }

        _ = ReadCharacter();
        _ = ReadCharacter();
        _stream.Write("+"u8);
        return body.ToString();
    }

    private char ReadCharacter() => _stream.ReadByte() is >= 0 and int value
        ? (char)value
        : throw new EndOfStreamException("QEMU closed its debugger port");
}
