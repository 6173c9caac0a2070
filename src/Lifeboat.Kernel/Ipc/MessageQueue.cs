using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Kernel.Ipc;

/// <summary>Messages between processes (<c>struct msg_queue</c>).</summary>
public sealed class MessageQueue : IpcObject
{
    internal MessageQueue(KernelObject whole, KernelObject permissions)
        : base(whole, permissions)
    {
    }

    /// <summary>The bytes of the messages that nobody took yet.</summary>
    public ByteCount? Used => Object.Number("q_cbytes") is { } bytes ? new ByteCount(bytes) : null;

    /// <summary>How many messages those are.</summary>
    public ulong? Messages => Object.Number("q_qnum");
}
