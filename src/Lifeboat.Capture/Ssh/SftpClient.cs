using System.Buffers.Binary;
using System.Text;

namespace Lifeboat.Capture.Ssh;

/// <summary>
/// The little of SFTP, version 3, that storing a crash takes: folders, files written from begin to end with many writes under way,
/// syncs and renames by OpenSSH's extensions where the server has them.
/// </summary>
/// <remarks><para><b>Thread safety.</b> One thread.</para></remarks>
internal sealed class SftpClient
{
    private const uint Version = 3;
    private const int MaxAnswer = 256 << 10;
    private const int LeastWrite = 32 << 10; // what every server takes in a packet
    private const int MostWrite = 128 << 10; // each is copied once, and answered
    private const int MaxUnderWay = 64; // their answers fit a pipe: nothing waits for anything that waits for it
    private const uint WriteCreateExclusive = 0x02 | 0x08 | 0x20; // SSH_FXF_WRITE, SSH_FXF_CREAT, SSH_FXF_EXCL
    private const uint HasPermissions = 4; // SSH_FILEXFER_ATTR_PERMISSIONS
    private const uint FolderPermissions = 0x1C0;
    private const uint FilePermissions = 0x180;
    private const string SyncExtension = "fsync@openssh.com";
    private const string RenameExtension = "posix-rename@openssh.com";
    private const string LimitsExtension = "limits@openssh.com";

    private readonly string _name;
    private readonly FarSideStream _input;
    private readonly FarSideStream _output;
    private readonly SftpPacket _packet = new();
    private readonly HashSet<string> _extensions = new(StringComparer.Ordinal);
    private byte[] _answer = new byte[1024];
    private int _answerLength;
    private uint _number;
    private int _underWay;
    private int _writeSize = LeastWrite;

    /// <summary>Greets the server.</summary>
    internal SftpClient(FarSide side, string name)
    {
        (_name, _input, _output) = (name, side.Input, side.Output);
        _input.Write(_packet.Begin(SftpKind.Init).Add(Version).Bytes);
        SftpKind kind = ReadAnswer();
        int at = 1;
        if (kind != SftpKind.Version || ReadNumber(ref at) < Version)
        {
            throw Bad($"an answer of kind {(int)kind}", $"SFTP of version {Version}");
        }

        while (at < _answerLength)
        {
            _extensions.Add(ReadText(ref at));
            _ = ReadText(ref at);
        }

        if (_extensions.Contains(LimitsExtension))
        {
            AskLimits();
        }
    }

    /// <summary>Makes a folder for its owner; returns what the server said against it, null when it is made.</summary>
    internal string? MakeFolder(string path)
    {
        Send(Begin(SftpKind.MakeFolder).Add(path).Add(HasPermissions).Add(FolderPermissions));
        return ReadStatus();
    }

    /// <summary>Begins a file that is not there yet; returns its handle.</summary>
    internal byte[] Create(string path)
    {
        Send(Begin(SftpKind.Open).Add(path).Add(WriteCreateExclusive).Add(HasPermissions).Add(FilePermissions));
        SftpKind kind = ReadAnswer();
        int at = 1;
        _ = ReadNumber(ref at);
        if (kind != SftpKind.Handle)
        {
            throw new IOException($"{_name}: {path} cannot be created: {StatusText() ?? "no reason given"}");
        }

        return ReadBytes(ref at).ToArray();
    }

    /// <summary>Writes at a place; errors may come with a later call.</summary>
    internal void Write(byte[] handle, long offset, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            int taken = Math.Min(bytes.Length, _writeSize);
            Send(Begin(SftpKind.Write).Add(handle).Add((ulong)offset).Add(bytes[..taken]));
            bytes = bytes[taken..];
            offset += taken;
            if (++_underWay >= MaxUnderWay)
            {
                FinishWrite();
            }
        }
    }

    /// <summary>Closes a file, which is on stable storage then if the server can do that.</summary>
    internal void Close(byte[] handle)
    {
        Settle();
        if (_extensions.Contains(SyncExtension))
        {
            Send(Begin(SftpKind.Extended).Add(SyncExtension).Add(handle));
            Require(ReadStatus(), "a file cannot be synced");
        }

        Send(Begin(SftpKind.Close).Add(handle));
        Require(ReadStatus(), "a file cannot be closed");
    }

    /// <summary>Waits for all writes.</summary>
    internal void Settle()
    {
        while (_underWay > 0)
        {
            FinishWrite();
        }
    }

    /// <summary>Renames a file or folder; a file that has the name is replaced.</summary>
    internal void Rename(string from, string to, bool replaces)
    {
        if (_extensions.Contains(RenameExtension))
        {
            Send(Begin(SftpKind.Extended).Add(RenameExtension).Add(from).Add(to));
        }
        else
        {
            if (replaces)
            {
                Send(Begin(SftpKind.Remove).Add(to));
                _ = ReadStatus();
            }

            Send(Begin(SftpKind.Rename).Add(from).Add(to));
        }

        Require(ReadStatus(), $"{from} cannot be renamed");
    }

    // PROTOCOL of OpenSSH, 4.8: the most of a packet, of a read and of a write in bytes; 0 for no limit that is told.
    private void AskLimits()
    {
        Send(Begin(SftpKind.Extended).Add(LimitsExtension));
        if (ReadAnswer() == SftpKind.ExtendedReply)
        {
            int at = 1;
            _ = ReadNumber(ref at);
            _ = ReadLong(ref at);
            _ = ReadLong(ref at);
            _writeSize = (int)Math.Clamp(ReadLong(ref at), LeastWrite, MostWrite);
        }
    }

    private SftpPacket Begin(SftpKind kind) => _packet.Begin(kind).Add(unchecked(++_number));

    private void Send(SftpPacket packet) => _input.Write(packet.Bytes);

    private void FinishWrite()
    {
        _underWay--;
        Require(ReadStatus(), "a write failed");
    }

    // Null for success, else the server's words.
    private string? ReadStatus()
    {
        SftpKind kind = ReadAnswer();
        return kind == SftpKind.Status ? StatusText() : throw Bad($"an answer of kind {(int)kind}", "a status");
    }

    private string? StatusText()
    {
        int at = 1;
        _ = ReadNumber(ref at);
        uint code = ReadNumber(ref at);
        return code == 0 ? null : at < _answerLength ? $"{ReadText(ref at)} (code {code})" : $"code {code}";
    }

    private void Require(string? refusal, string what)
    {
        if (refusal is not null)
        {
            throw new IOException($"{_name}: {what}: {refusal}");
        }
    }

    private SftpKind ReadAnswer()
    {
        Span<byte> length = stackalloc byte[4];
        ReadExactly(length);
        uint size = BinaryPrimitives.ReadUInt32BigEndian(length);
        if (size is 0 or > MaxAnswer)
        {
            throw Bad($"a packet of {size} bytes", $"1 to {MaxAnswer}");
        }

        if (_answer.Length < size)
        {
            _answer = new byte[size];
        }

        _answerLength = (int)size;
        ReadExactly(_answer.AsSpan(0, _answerLength));
        return (SftpKind)_answer[0];
    }

    private void ReadExactly(Span<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            int read = _output.Read(bytes);
            if (read == 0)
            {
                throw _output.Ended();
            }

            bytes = bytes[read..];
        }
    }

    private uint ReadNumber(ref int at)
    {
        if (_answerLength - at < 4)
        {
            throw Bad("a packet that ends early", "a number");
        }

        at += 4;
        return BinaryPrimitives.ReadUInt32BigEndian(_answer.AsSpan(at - 4));
    }

    private ulong ReadLong(ref int at) => ((ulong)ReadNumber(ref at) << 32) | ReadNumber(ref at);

    private ReadOnlySpan<byte> ReadBytes(ref int at)
    {
        uint length = ReadNumber(ref at);
        if (length > (uint)(_answerLength - at))
        {
            throw Bad($"{length} bytes in a packet with fewer", "a text");
        }

        at += (int)length;
        return _answer.AsSpan(at - (int)length, (int)length);
    }

    private string ReadText(ref int at) => Encoding.UTF8.GetString(ReadBytes(ref at));

    private Core.Diagnostics.DiagnosticException Bad(string found, string expected) => FarSide.BadAnswer(_name, found, expected);
}
