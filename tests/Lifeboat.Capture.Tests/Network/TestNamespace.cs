using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Lifeboat.Capture.Tests.Network;

/// <summary>
/// A network namespace with a thread in it: what runs there has interfaces, addresses and routes of its own, and so have the
/// processes that it starts.
/// </summary>
internal sealed partial class TestNamespace : IDisposable
{
    private const int NewNetwork = 0x40000000; // CLONE_NEWNET

    private readonly BlockingCollection<Action> _work = [];
    private readonly List<Process> _processes = [];
    private readonly Thread _thread;

    private TestNamespace()
    {
        using var ready = new ManualResetEventSlim();
        bool isThere = false;
        _thread = new Thread(() =>
        {
            isThere = Unshare(NewNetwork) == 0;
            Path = $"/proc/{Directory.ResolveLinkTarget("/proc/thread-self", false)!.FullName["/proc/".Length..]}/ns/net";
            ready.Set();
            foreach (Action action in _work.GetConsumingEnumerable())
            {
                action();
            }
        })
        {
            IsBackground = true,
        };
        _thread.Start();
        ready.Wait();
        if (!isThere)
        {
            Dispose();
            Assert.Skip("network namespaces cannot be made here (root may)");
        }
    }

    /// <summary>The namespace as a file.</summary>
    internal string Path { get; private set; } = "";

    internal static TestNamespace Create()
    {
        Oracle.Require("ip");
        return new TestNamespace();
    }

    /// <summary>Runs something in it.</summary>
    internal T Run<T>(Func<T> function)
    {
        using var done = new ManualResetEventSlim();
        T result = default!;
        ExceptionDispatchInfo? error = null;
        _work.Add(() =>
        {
            try
            {
                result = function();
            }
#pragma warning disable CA1031 // Whatever it is, it is thrown on.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                error = ExceptionDispatchInfo.Capture(failure);
            }
            finally
            {
                done.Set();
            }
        });
        done.Wait();
        error?.Throw();
        return result;
    }

    internal void Run(Action action) => Run(() =>
    {
        action();
        return true;
    });

    /// <summary>Runs ip with each line's words.</summary>
    internal void Ip(params string[] lines)
    {
        foreach (string line in lines)
        {
            Run(() => Oracle.Run("ip", [], line.Split(' ')));
        }
    }

    /// <summary>Starts a program in it that runs until the end of the test.</summary>
    internal void Start(string tool, params string[] arguments) => Run(() => _processes.Add(Process.Start(
        new ProcessStartInfo(Oracle.Require(tool), arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!));

    public void Dispose()
    {
        if (_work.IsAddingCompleted)
        {
            return;
        }

        foreach (Process process in _processes)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        _work.CompleteAdding();
        _thread.Join();
    }

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int Unshare(int flags);
}
