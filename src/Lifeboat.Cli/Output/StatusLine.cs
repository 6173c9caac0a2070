namespace Lifeboat.Cli.Output;

/// <summary>One line for a person who watches, written over and over, and taken away at the end.</summary>
/// <param name="messages">Where it goes.</param>
/// <param name="time">The clock.</param>
/// <param name="patience">The time before it is shown at all.</param>
internal sealed class StatusLine(TextWriter messages, TimeProvider time, TimeSpan patience)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly long _start = time.GetTimestamp();
    private long _lastShown = time.GetTimestamp();
    private bool _isShown;

    /// <summary>Whether it is time to show something new.</summary>
    public bool IsDue => time.GetElapsedTime(_start) >= patience && time.GetElapsedTime(_lastShown) >= Interval;

    public void Show(string text)
    {
        _lastShown = time.GetTimestamp();
        _isShown = true;
        messages.Write($"\r{text}\e[K");
    }

    public void Clear()
    {
        if (_isShown)
        {
            messages.Write("\r\e[K");
        }
    }
}
