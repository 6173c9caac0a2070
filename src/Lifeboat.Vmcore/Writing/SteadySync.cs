using System.Runtime.ExceptionServices;
using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Writing;

/// <summary>
/// Makes a file durable while it grows, on a thread of its own: the machine may lose its power at any moment, and what was written is
/// then there up to the last time. The writer does not wait for it.
/// </summary>
/// <remarks>
/// A kernel tells an error of its device to one sync only: one that this thread is told is thrown to the writer.
/// <para><b>Thread safety.</b> One writer.</para>
/// </remarks>
/// <param name="sync">Makes everything durable that was written.</param>
/// <param name="every">How much is written between two times.</param>
internal sealed class SteadySync(Action sync, ByteCount every) : IDisposable
{
    private const int StackSize = 128 << 10;

    private readonly object _lock = new();
    private Thread? _thread;
    private ulong _unsynced;
    private bool _isStopped;
    private Exception? _failure;

    /// <summary>Counts what was written.</summary>
    /// <exception cref="Exception">What the last sync has met.</exception>
    internal void Wrote(int bytes)
    {
        lock (_lock)
        {
            Check();
            _unsynced += (ulong)bytes;
            if (_unsynced < every.Value)
            {
                return;
            }

            if (_thread is null)
            {
                _thread = new Thread(Work, StackSize) { IsBackground = true, Name = "sync" };
                _thread.Start();
            }

            Monitor.Pulse(_lock);
        }
    }

    /// <summary>Throws what a sync has met that nobody was told yet.</summary>
    internal void Check()
    {
        lock (_lock)
        {
            if (_failure is { } failure)
            {
                _failure = null;
                ExceptionDispatchInfo.Throw(failure);
            }
        }
    }

    /// <summary>Ends the thread, after the sync that it is in.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isStopped = true;
            Monitor.Pulse(_lock);
        }

        _thread?.Join();
    }

    private void Work()
    {
        while (true)
        {
            lock (_lock)
            {
                while (!_isStopped && _unsynced < every.Value)
                {
                    Monitor.Wait(_lock);
                }

                if (_isStopped)
                {
                    return;
                }

                _unsynced = 0;
            }

            try
            {
                sync();
            }
#pragma warning disable CA1031 // whatever it is, the writer is told
            catch (Exception failure)
#pragma warning restore CA1031
            {
                lock (_lock)
                {
                    _failure = failure;
                }
            }
        }
    }
}
