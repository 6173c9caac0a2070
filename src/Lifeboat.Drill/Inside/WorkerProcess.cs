using System.Runtime.InteropServices;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;
using Lifeboat.Drill.Inside.Interop;

namespace Lifeboat.Drill.Inside;

/// <summary>One process of the workload: takes a name and blocks, or spins, in its own way. Never returns by itself.</summary>
public static class WorkerProcess
{
    /// <summary>The hidden first argument that makes the program a worker; the kind follows.</summary>
    public const string Argument = "drill-worker";

    /// <summary>The file that workers of the kind flock wait for; PID 1 holds its lock.</summary>
    internal const string LockFile = "/run/lifeboat-lock";

    /// <summary>Runs a worker.</summary>
    /// <param name="kind">A <see cref="WorkerKind"/> by name, or a <see cref="DrillCrash"/> to cause.</param>
    /// <exception cref="ArgumentException">There is no such kind.</exception>
    /// <exception cref="KernelInterfaceException">The kernel refused what the worker wanted to block on.</exception>
    public static void Run(string kind)
    {
        if (DrillCrashNames.TryParse(kind, out DrillCrash crash))
        {
            CrashMaker.RunWorker(crash);
            return;
        }

        if (!Enum.TryParse(kind, ignoreCase: true, out WorkerKind parsed))
        {
            throw new ArgumentException($"there is no worker of kind {kind}", nameof(kind));
        }

        _ = LibC.Prctl(LibC.PrSetName, NameOf(parsed));
        Block(parsed);
        throw new KernelInterfaceException("block", NameOf(parsed), (Errno)Marshal.GetLastPInvokeError());
    }

    /// <summary>The name (comm) of a worker.</summary>
    internal static string NameOf(WorkerKind kind) => $"lb-{kind.ToString().ToLowerInvariant()}";

    internal static unsafe void Block(WorkerKind kind)
    {
        // Safety: every pointer handed over is to this stack frame, which stays until the call returns.
        int* pair = stackalloc int[2];
        byte* buffer = stackalloc byte[16];
        switch (kind)
        {
            case WorkerKind.Pipe when LibC.Pipe(pair) == 0:
            case WorkerKind.Socket when LibC.SocketPair(LibC.FamilyUnix, LibC.SocketStream, 0, pair) == 0:
                _ = LibC.Read(pair[0], buffer, 1);
                break;
            case WorkerKind.Sleep:
                long* time = stackalloc long[2] { 1_000_000, 0 };
                _ = LibC.NanoSleep(time, null);
                break;
            case WorkerKind.Futex:
                uint word = 0;
                _ = LibC.Futex(LibC.SysFutex, &word, 0, 0, 0, 0, 0);
                break;
            case WorkerKind.Epoll:
                _ = LibC.EpollWait(LibC.EpollCreate(0), buffer, 1, -1);
                break;
            case WorkerKind.Flock:
                _ = LibC.Flock(LibC.Open(LockFile, 0, 0), LibC.LockExclusive);
                break;
            case WorkerKind.Spin:
                while (true)
                {
                    Thread.SpinWait(1 << 20);
                }

            default:
                SceneWorker.Block(kind);
                break;
        }
    }
}
