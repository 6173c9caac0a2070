using System.Buffers.Binary;
using System.Text;
using Lifeboat.Drill.Inside.Interop;

namespace Lifeboat.Drill.Inside;

/// <summary>How the workers block that a drill has only when it saves what the kernel says of itself.</summary>
internal static class SceneWorker
{
    private const ushort TcpPort = 7001;
    private const ushort AcceptPort = 7002;
    private const ushort UdpPort = 7003;
    private const int AddressSize = 128; // struct sockaddr_storage
    private const uint InternetSize = 16;
    private const uint Internet6Size = 28;
    private const int UnixPathOffset = 2;
    private const int SharedBytes = 300_000;
    private const string SocketPath = Scene.Folder + "/socket";

    /// <summary>Blocks in the way of a kind; comes back only when the kernel refuses.</summary>
    public static void Block(WorkerKind kind)
    {
        switch (kind)
        {
            case WorkerKind.Poll:
                Poll();
                break;
            case WorkerKind.Tcp:
                Tcp();
                break;
            case WorkerKind.Accept:
                AcceptOver6();
                break;
            case WorkerKind.Udp:
                Udp();
                break;
            case WorkerKind.Named:
                Named();
                break;
            case WorkerKind.Message:
                Message();
                break;
            case WorkerKind.Semaphore:
                Semaphore();
                break;
            case WorkerKind.Timer:
                Timer();
                break;
            case WorkerKind.Threads:
                Threads();
                break;
            case WorkerKind.Vfork:
                Vfork();
                break;
            case WorkerKind.Stopped:
                _ = LibC.Kill(Environment.ProcessId, LibC.SignalStop);
                break;
            case WorkerKind.Parent:
                Parent();
                break;
        }
    }

    // Safety, of all below: every pointer handed over is to the frame of the caller, which stays until the call returns.
    private static unsafe void Poll()
    {
        int* pipe = stackalloc int[2];
        _ = LibC.Pipe(pipe);

        // struct pollfd: the descriptor, then POLLIN in 16 bits.
        long* files = stackalloc long[2];
        files[0] = (uint)pipe[0] | (1L << 32);
        files[1] = (uint)LibC.Socket(LibC.FamilyUnix, LibC.SocketDatagram, 0) | (1L << 32);
        _ = LibC.Poll(files, 2, -1);
    }

    private static unsafe void Tcp()
    {
        byte* address = stackalloc byte[AddressSize];
        Internet(address, TcpPort);
        int listener = LibC.Socket(LibC.FamilyInternet, LibC.SocketStream, 0);
        _ = LibC.Bind(listener, address, InternetSize);
        _ = LibC.Listen(listener, 5);
        int client = LibC.Socket(LibC.FamilyInternet, LibC.SocketStream, 0);
        _ = LibC.Connect(client, address, InternetSize);
        _ = LibC.Accept(listener, 0, 0);
        _ = LibC.Write(client, address, 7);
        _ = LibC.Read(client, address, 1);
    }

    private static unsafe void AcceptOver6()
    {
        byte* address = stackalloc byte[AddressSize];
        var bytes = new Span<byte>(address, AddressSize);
        bytes.Clear();
        bytes[0] = LibC.FamilyInternet6;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], AcceptPort);
        int listener = LibC.Socket(LibC.FamilyInternet6, LibC.SocketStream, 0);
        if (listener < 0)
        {
            Internet(address, AcceptPort);
            listener = LibC.Socket(LibC.FamilyInternet, LibC.SocketStream, 0);
        }

        _ = LibC.Bind(listener, address, bytes[0] == LibC.FamilyInternet6 ? Internet6Size : InternetSize);
        _ = LibC.Listen(listener, 5);
        _ = LibC.Accept(listener, 0, 0);
    }

    private static unsafe void Udp()
    {
        byte* address = stackalloc byte[AddressSize];
        Internet(address, UdpPort);
        int socket = LibC.Socket(LibC.FamilyInternet, LibC.SocketDatagram, 0);
        _ = LibC.Bind(socket, address, InternetSize);
        _ = LibC.Read(socket, address, 1);
    }

    private static unsafe void Named()
    {
        byte* address = stackalloc byte[AddressSize];
        var bytes = new Span<byte>(address, AddressSize);
        bytes.Clear();
        bytes[0] = LibC.FamilyUnix;
        int length = Encoding.ASCII.GetBytes(SocketPath, bytes[UnixPathOffset..]);
        int listener = LibC.Socket(LibC.FamilyUnix, LibC.SocketStream, 0);
        _ = LibC.Bind(listener, address, (uint)(UnixPathOffset + length + 1));
        _ = LibC.Listen(listener, 5);
        _ = LibC.Accept(listener, 0, 0);
    }

    private static unsafe void Message()
    {
        nint memory = LibC.SharedMemoryAttach(LibC.SharedMemoryGet(0x1F, SharedBytes, LibC.IpcCreateForOwner), 0, 0);
        if (memory != -1)
        {
            *(byte*)memory = 1;
        }

        int queue = LibC.MessageGet(0x2F, LibC.IpcCreateForOwner);
        long* message = stackalloc long[4] { 1, 2, 3, 4 };
        _ = LibC.MessageSend(queue, message, 20, 0);
        _ = LibC.MessageReceive(queue, message, 20, 9, 0);
    }

    private static unsafe void Semaphore()
    {
        int set = LibC.SemaphoreGet(0x3F, 3, LibC.IpcCreateForOwner);

        // struct sembuf: which one, what to add, flags.
        short* operation = stackalloc short[3] { 1, -1, 0 };
        _ = LibC.SemaphoreDo(set, operation, 1);
    }

    private static unsafe void Timer()
    {
        int timer = LibC.TimerCreate(LibC.ClockMonotonic, 0);
        long* value = stackalloc long[4] { 0, 0, 1_000_000, 0 };
        _ = LibC.TimerSet(timer, 0, value, null);
        _ = LibC.Read(timer, (byte*)value, 8);
    }

    private static void Threads()
    {
        string file = Path.Combine(Scene.Folder, "deleted");
        File.WriteAllText(file, "open, but without a name");
        _ = LibC.Open(file, 0, 0);
        File.Delete(file);
        _ = LibC.Open(Path.Combine(Scene.Folder, "a", "folder", "with a blank", "file"), 0, 0);
        _ = LibC.Open("/proc/uptime", 0, 0);
        _ = LibC.Open("/dev/null", 1, 0);
        _ = LibC.Open("/", 0, 0);
        _ = LibC.EventCreate(3, 0);
        _ = LibC.NotifyCreate(0);
        _ = LibC.EpollCreate(0);
        _ = LibC.MemoryFileCreate("scene", 0);
        foreach (WorkerKind kind in (ReadOnlySpan<WorkerKind>)[WorkerKind.Pipe, WorkerKind.Futex, WorkerKind.Epoll, WorkerKind.Poll])
        {
            var thread = new Thread(static blocked =>
            {
                _ = LibC.Prctl(LibC.PrSetName, $"lb-in-{blocked}");
                WorkerProcess.Block((WorkerKind)blocked!);
            });
            thread.Start(kind);
        }

        _ = LibC.Pause();
    }

    // The child runs on the parent's stack, and the parent not at all until the child ends, which it never does.
    private static void Vfork()
    {
        if (LibC.Call(LibC.SysVfork) == 0)
        {
            while (true)
            {
                _ = LibC.Pause();
            }
        }
    }

    private static void Parent()
    {
        if (LibC.Call(LibC.SysFork) == 0)
        {
            LibC.Exit(3);
        }

        _ = LibC.Pause();
    }

    private static unsafe void Internet(byte* address, ushort port)
    {
        var bytes = new Span<byte>(address, AddressSize);
        bytes.Clear();
        bytes[0] = LibC.FamilyInternet;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], port);
        ReadOnlySpan<byte> loopback = [127, 0, 0, 1];
        loopback.CopyTo(bytes[4..]);
    }
}
