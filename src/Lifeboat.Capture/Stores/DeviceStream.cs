using Lifeboat.Core.IO;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;

namespace Lifeboat.Capture.Stores;

/// <summary>Writes a device from its begin on, in large aligned pieces.</summary>
internal sealed class DeviceStream(OutputFile device) : SequentialStream
{
    /// <summary>Pieces begin and end at multiples of this, whatever the disk's own blocks are.</summary>
    internal const int Block = 4096;

    private readonly byte[] _buffer = new byte[1 << 20];
    private ulong _start;
    private int _pending;

    /// <summary>The bytes that may be written in all.</summary>
    internal ulong Limit { get; set; } = device.Length.Value / Block * Block;

    public override bool CanRead => false;

    public override bool CanWrite => true;

    /// <summary>Takes all of the bytes, or none.</summary>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if ((ulong)buffer.Length > Limit - Math.Min(Limit, _start + (ulong)_pending))
        {
            throw new IOException($"{device.Path} is full: it has {device.Length}", (int)Errno.ENOSPC);
        }

        while (buffer.Length > 0)
        {
            int taken = Math.Min(buffer.Length, _buffer.Length - _pending);
            buffer[..taken].CopyTo(_buffer.AsSpan(_pending));
            _pending += taken;
            buffer = buffer[taken..];
            if (_pending == _buffer.Length)
            {
                WritePending();
            }
        }
    }

    /// <summary>Puts all on stable storage; its length must be a multiple of a block's.</summary>
    public override void Flush()
    {
        if (_pending % Block != 0)
        {
            throw new InvalidOperationException($"{_pending} bytes are no whole blocks");
        }

        WritePending();
        device.Sync();
    }

    private void WritePending()
    {
        if (_pending > 0)
        {
            device.WriteAt(new FileOffset(_start), _buffer.AsSpan(0, _pending));
            _start += (ulong)_pending;
            _pending = 0;
        }
    }
}
