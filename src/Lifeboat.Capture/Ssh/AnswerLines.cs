using System.Text;

namespace Lifeboat.Capture.Ssh;

/// <summary>The lines that a far side writes, read by a thread of their own, so that they are there when they are asked for.</summary>
internal sealed class AnswerLines
{
    private const int MaxLine = 4096;
    private const int MaxLines = 10_000;

    private readonly FarSideStream _stream;
    private readonly Queue<string> _lines = new();
    private bool _isEnded;

    internal AnswerLines(FarSideStream stream)
    {
        _stream = stream;
        new Thread(Read) { IsBackground = true, Name = "ssh's answers" }.Start();
    }

    /// <summary>The next line; null when none came in time, or none will.</summary>
    internal string? Next(TimeSpan limit)
    {
        long end = Environment.TickCount64 + (long)limit.TotalMilliseconds;
        lock (_lines)
        {
            while (_lines.Count == 0 && !_isEnded)
            {
                long left = end - Environment.TickCount64;
                if (left <= 0 || !Monitor.Wait(_lines, (int)Math.Min(left, int.MaxValue)))
                {
                    break;
                }
            }

            return _lines.TryDequeue(out string? line) ? line : null;
        }
    }

    /// <summary>Whether a line is there, or none will come any more.</summary>
    internal bool HasNews
    {
        get
        {
            lock (_lines)
            {
                return _lines.Count > 0 || _isEnded;
            }
        }
    }

    private void Read()
    {
        var line = new List<byte>();
        int count = 0;
        for (int next; (next = _stream.ReadUnlimited()) >= 0 && line.Count < MaxLine && count < MaxLines;)
        {
            if (next != '\n')
            {
                line.Add((byte)next);
                continue;
            }

            count++;
            string text = Encoding.UTF8.GetString([.. line]);
            line.Clear();
            lock (_lines)
            {
                _lines.Enqueue(text);
                Monitor.PulseAll(_lines);
            }
        }

        lock (_lines)
        {
            _isEnded = true;
            Monitor.PulseAll(_lines);
        }
    }
}
