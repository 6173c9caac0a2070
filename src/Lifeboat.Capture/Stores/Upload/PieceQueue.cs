using System.Runtime.ExceptionServices;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Stores.Upload;

/// <summary>
/// Cuts a file into pieces and sends them while the next one is being filled: a thread for each connection, and one piece more than
/// there are threads, which is all the memory it takes. A file of one piece is sent by the caller's thread.
/// </summary>
internal sealed class PieceQueue(PieceSender sender, int connections) : IDisposable
{
    private readonly object _gate = new();
    private readonly Queue<Piece> _full = new();
    private readonly List<Piece> _free = [];
    private readonly List<Thread> _threads = [];
    private Piece? _current;
    private int _pieces;
    private int _sending;
    private int _number;
    private long _offset;
    private bool _ends;
    private Exception? _failure;

    /// <summary>Adds to the file; waits when all pieces are under way.</summary>
    internal void Write(ReadOnlySpan<byte> data)
    {
        while (data.Length > 0)
        {
            int size = sender.SizeOf(_number);
            _current ??= Take(size);
            if (_current.Length == size)
            {
                Hand(_current);
                _current = null;
            }
            else
            {
                data = data[_current.Append(data, size)..];
            }
        }
    }

    /// <summary>Ends the file; returns when the server has all pieces.</summary>
    internal void Finish()
    {
        Piece last = _current ?? Take(sender.SizeOf(_number));
        _current = null;
        last.IsLast = true;
        if (_threads.Count == 0)
        {
            sender.Send(0, last);
            GiveBack(last);
            return;
        }

        Hand(last);
        lock (_gate)
        {
            while (_failure is null && (_full.Count > 0 || _sending > 0))
            {
                Monitor.Wait(_gate);
            }

            ThrowIfFailed();
        }
    }

    /// <summary>Lets go of what is not sent yet, and waits for what is being sent.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _ends = true;
            while (_full.TryDequeue(out Piece? piece))
            {
                _free.Add(piece);
            }

            Monitor.PulseAll(_gate);
        }

        foreach (Thread thread in _threads)
        {
            thread.Join();
        }

        _threads.Clear();
        _current?.Dispose();
        _current = null;
        foreach (Piece piece in _free)
        {
            piece.Dispose();
        }

        _free.Clear();
    }

    private Piece Take(int size)
    {
        lock (_gate)
        {
            while (true)
            {
                ThrowIfFailed();
                if (_free.Count > 0)
                {
                    Piece piece = _free[^1];
                    _free.RemoveAt(_free.Count - 1);
                    if (piece.Size >= size)
                    {
                        piece.Begin(_number, _offset);
                        return piece;
                    }

                    piece.Dispose();
                    _pieces--;
                }
                else if (_pieces <= connections)
                {
                    var piece = new Piece(size);
                    _pieces++;
                    piece.Begin(_number, _offset);
                    return piece;
                }
                else
                {
                    Monitor.Wait(_gate);
                }
            }
        }
    }

    private void Hand(Piece piece)
    {
        if (_threads.Count == 0)
        {
            sender.Begin();
            for (int i = 0; i < connections; i++)
            {
                int connection = i;
                var thread = new Thread(() => SendAll(connection)) { IsBackground = true, Name = $"upload {connection}" };
                _threads.Add(thread);
                thread.Start();
            }
        }

        _number++;
        _offset += piece.Length;
        lock (_gate)
        {
            _full.Enqueue(piece);
            Monitor.PulseAll(_gate);
        }
    }

    private void SendAll(int connection)
    {
        while (Next() is { } piece)
        {
            try
            {
                sender.Send(connection, piece);
            }
            catch (Exception failure) when (failure is IOException or DiagnosticException or KernelInterfaceException or OperationCanceledException)
            {
                lock (_gate)
                {
                    _failure ??= failure;
                }
            }

            GiveBack(piece);
        }
    }

    private Piece? Next()
    {
        lock (_gate)
        {
            while (!_ends && _failure is null && _full.Count == 0)
            {
                Monitor.Wait(_gate);
            }

            if (_ends || _failure is not null)
            {
                return null;
            }

            _sending++;
            return _full.Dequeue();
        }
    }

    private void GiveBack(Piece piece)
    {
        lock (_gate)
        {
            _free.Add(piece);
            _sending = Math.Max(0, _sending - 1);
            Monitor.PulseAll(_gate);
        }
    }

    private void ThrowIfFailed()
    {
        if (_failure is not null)
        {
            ExceptionDispatchInfo.Throw(_failure);
        }
    }
}
