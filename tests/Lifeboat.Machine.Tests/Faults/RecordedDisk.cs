using System.Buffers.Binary;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Lifeboat.Machine.Tests.Faults;

/// <summary>
/// A guest's disk that a test serves (as an NBD server on a socket file) and that keeps every write and every flush: what a real disk
/// would have after a power cut at any moment can be made of one run.
/// </summary>
/// <remarks>
/// QEMU has no cache of its own in front of it (cache=none would not change that: there is no file), so a write is here before the
/// guest is told that it is done. What a power cut leaves of a disk with a volatile cache is then: everything before the last flush that
/// was answered, every forced write, and of the rest any part.
/// <para><b>Thread safety.</b> The guest's requests come on a thread of its own.</para>
/// </remarks>
internal sealed class RecordedDisk : IDisposable
{
    private readonly string _pristine;
    private readonly string _socket;
    private readonly SafeFileHandle _image;
    private readonly SafeFileHandle _record;
    private readonly Socket _listener;
    private readonly Thread _server;
    private readonly ManualResetEventSlim _released = new();
    private readonly Lock _gate = new();
    private readonly List<RecordedWrite> _writes = [];
    private long _written;
    private long _limit = long.MaxValue;
    private Action _atLimit = static () => { };

    /// <summary>Serves an image, which the guest changes.</summary>
    internal RecordedDisk(string image, TemporaryFolder folder)
    {
        _pristine = image + ".before";
        Copy(image, _pristine);
        _image = File.OpenHandle(image, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        _record = File.OpenHandle(image + ".record", FileMode.Create, FileAccess.ReadWrite);
        _socket = folder.File("nbd");
        _listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _listener.Bind(new UnixDomainSocketEndPoint(_socket));
        _listener.Listen(1);
        _server = new Thread(Serve) { IsBackground = true, Name = "disk" };
        _server.Start();
    }

    /// <summary>The drive's arguments for QEMU. Flushes reach the server, as cache=unsafe would not let them.</summary>
    internal IReadOnlyList<string> Arguments =>
    [
        "-drive", $"file=nbd:unix:{_socket},if=none,id=recorded,format=raw,cache=writeback",
        "-device", "virtio-blk-pci,drive=recorded",
    ];

    /// <summary>Requests kept so far.</summary>
    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _writes.Count;
            }
        }
    }

    /// <summary>What was kept.</summary>
    internal IReadOnlyList<RecordedWrite> Writes => _writes;

    /// <summary>Has something done when so many more bytes have been written, before the write that did it is answered.</summary>
    internal void After(long bytes, Action action)
    {
        lock (_gate)
        {
            _atLimit = action;
            _limit = _written + bytes;
        }
    }

    /// <summary>Answers nothing any more: a disk that hangs. An action for <see cref="After"/>.</summary>
    internal void Hang() => _released.Wait();

    /// <summary>Answers again what was asked meanwhile.</summary>
    internal void Release() => _released.Set();

    /// <summary>Makes the disk as a power cut left it.</summary>
    /// <param name="path">The image to make.</param>
    /// <param name="count">How many requests had been answered.</param>
    /// <param name="lost">Chooses which of the writes since the last flush are lost; null for none.</param>
    internal void MakeCut(string path, int count, Random? lost)
    {
        Copy(_pristine, path);
        using SafeFileHandle target = File.OpenHandle(path, FileMode.Open, FileAccess.Write);
        int flushed = _writes.FindLastIndex(count - 1, static write => write.IsFlush);
        for (int i = 0; i < count; i++)
        {
            RecordedWrite write = _writes[i];
            if (write.IsFlush || (i > flushed && !write.IsForced && lost?.Next(2) == 0))
            {
                continue;
            }

            byte[] bytes = new byte[write.Length];
            ReadAll(_record, bytes, write.Place);
            RandomAccess.Write(target, bytes, write.Offset);
        }
    }

    public void Dispose()
    {
        _released.Set();
        _listener.Dispose();
        _server.Join();
        _image.Dispose();
        _record.Dispose();
        _released.Dispose();
    }

    // Holes stay holes.
    private static void Copy(string from, string to)
    {
        ProgramResult result = TestMachine.Run("/bin/cp", ["--sparse=always", from, to]);
        Assert.True(result.ExitCode == 0, result.Error);
    }

    private static void ReadAll(SafeFileHandle file, Span<byte> bytes, long offset)
    {
        while (!bytes.IsEmpty)
        {
            int read = RandomAccess.Read(file, bytes, offset);
            Assert.True(read > 0, "a read beyond the end");
            bytes = bytes[read..];
            offset += read;
        }
    }

    private void Serve()
    {
        try
        {
            using Socket client = _listener.Accept();
            using var stream = new NetworkStream(client);
            NbdHandshake.Run(stream, RandomAccess.GetLength(_image));
            byte[] header = new byte[NbdHandshake.RequestSize];
            while (stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length && Answer(stream, header))
            {
            }
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException)
        {
            // QEMU is gone, in the middle of something where a test has killed it.
        }
    }

    // False when QEMU says good-bye.
    private bool Answer(NetworkStream stream, ReadOnlySpan<byte> header)
    {
        bool isForced = (BinaryPrimitives.ReadUInt16BigEndian(header[4..]) & 1) != 0;
        ushort type = BinaryPrimitives.ReadUInt16BigEndian(header[6..]);
        long offset = BinaryPrimitives.ReadInt64BigEndian(header[16..]);
        byte[] bytes = new byte[type is 0 or 1 ? BinaryPrimitives.ReadInt32BigEndian(header[24..]) : 0];
        switch (type)
        {
            case 0:
                ReadAll(_image, bytes, offset);
                break;
            case 1:
                stream.ReadExactly(bytes);
                Keep(offset, bytes, isForced);
                bytes = [];
                break;
            case 3:
                Keep(offset, [], isForced: false);
                break;
            default:
                return false;
        }

        Span<byte> reply = stackalloc byte[NbdHandshake.ReplySize];
        BinaryPrimitives.WriteUInt32BigEndian(reply, NbdHandshake.ReplyMagic);
        header.Slice(8, 8).CopyTo(reply[8..]);
        stream.Write(reply);
        stream.Write(bytes);
        return true;
    }

    private void Keep(long offset, byte[] bytes, bool isForced)
    {
        Action? action = null;
        lock (_gate)
        {
            RandomAccess.Write(_image, bytes, offset);
            RandomAccess.Write(_record, bytes, _written);
            _writes.Add(new RecordedWrite(offset, bytes.Length, _written, isForced));
            _written += bytes.Length;
            if (_written >= _limit)
            {
                (action, _limit) = (_atLimit, long.MaxValue);
            }
        }

        action?.Invoke();
    }
}
