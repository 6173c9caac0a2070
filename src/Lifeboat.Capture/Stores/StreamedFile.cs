using Lifeboat.Capture.Streams;

namespace Lifeboat.Capture.Stores;

/// <summary>A file of a store that takes one crash stream.</summary>
/// <param name="writer">The stream, in which the file has begun.</param>
/// <param name="acknowledge">Makes what was written durable, and says how it is stored.</param>
/// <param name="give">What to do when the file was given up; may fail.</param>
/// <param name="look">Called before each piece; throws when there is no use in going on.</param>
internal sealed class StreamedFile(
    CrashStreamWriter writer, Func<StoredFile, StoredFile> acknowledge, Action give, Action? look = null) : CrashFileStream
{
    private bool _isEnded;

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        look?.Invoke();
        writer.Write(buffer);
    }

    public override StoredFile Commit()
    {
        StoredFile file = writer.EndFile(isWhole: true);
        _isEnded = true;
        return acknowledge(file);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isEnded)
        {
            _isEnded = true;
            give();
        }

        base.Dispose(disposing);
    }
}
