using Lifeboat.Capture.Streams;
using Lifeboat.Capture.Targets;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;

namespace Lifeboat.Capture.Stores;

/// <summary>
/// A disk or partition without a filesystem, which takes one crash as a stream from its first byte on; the crash that it held
/// before is lost. <c>lifeboat fetch-raw</c> takes it off again.
/// </summary>
/// <remarks>
/// Every tier is on stable storage before the next begins. Records repeat the stream's number, so that what is left of an older and
/// longer crash is not taken for part of this one; a machine that loses power leaves what was there until then.
/// </remarks>
public sealed class RawStore : CrashStore
{
    // Kept back from the dump, so that the manifest that says how it ended has room.
    private const ulong KeptBack = 1 << 20;

    private readonly OutputFile _device;
    private readonly DeviceStream _stream;
    private readonly ulong _limit;
    private readonly Dictionary<string, long> _kept = new(StringComparer.Ordinal);
    private CrashStreamWriter? _writer;

    private RawStore(OutputFile device)
    {
        _device = device;
        _stream = new DeviceStream(device);
        _limit = _stream.Limit;
    }

    /// <inheritdoc/>
    public override string Location => _device.Path;

    /// <inheritdoc/>
    public override long? Room => _writer is null ? (long)_limit : Math.Max(0, (long)_stream.Limit - _writer.Length);

    private CrashStreamWriter Writer => _writer ?? throw new InvalidOperationException("no crash has begun");

    /// <summary>Opens a device; nothing of it is changed yet.</summary>
    /// <param name="path">The device, or a file that stands for one.</param>
    /// <param name="overwrite">Whether what it holds may be lost, if it is no older crash.</param>
    /// <exception cref="DiagnosticException">It is in use, holds something, or is too small.</exception>
    /// <exception cref="KernelInterfaceException">It cannot be opened or read.</exception>
    public static RawStore Open(string path, bool overwrite) => new(RawDevice.Open(path, overwrite));

    /// <inheritdoc/>
    public override void Begin(DateTimeOffset time, string host)
    {
        _writer = new CrashStreamWriter(_stream, new CrashStreamHeader(Random.Shared.NextInt64(), time, host));
        Settle();
        _stream.Limit = _limit - KeptBack;
    }

    /// <inheritdoc/>
    public override CrashFileStream Create(string name)
    {
        Writer.BeginFile(name);
        return new StreamedFile(Writer, Acknowledge, () => GiveUp(name));
    }

    /// <inheritdoc/>
    public override long? Kept(string name) => _kept.TryGetValue(name, out long bytes) ? bytes : null;

    /// <inheritdoc/>
    public override void Publish(bool complete)
    {
        _stream.Limit = _limit;
        Writer.Publish(complete);
        Settle();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _device.Dispose();
        base.Dispose(disposing);
    }

    private StoredFile Acknowledge(StoredFile file)
    {
        Settle();
        return file;
    }

    private void GiveUp(string name)
    {
        _stream.Limit = _limit;
        try
        {
            _kept[name] = Writer.EndFile(isWhole: false).Bytes;
            Settle();
        }
        catch (Exception error) when (error is IOException or KernelInterfaceException)
        {
            // The device fails: whatever it was, the caller has been told by what made it give up.
        }
    }

    private void Settle()
    {
        Writer.Pad(DeviceStream.Block);
        _stream.Flush();
    }
}
