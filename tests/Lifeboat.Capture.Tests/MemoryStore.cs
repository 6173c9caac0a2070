using Lifeboat.Capture.Stores;
using Lifeboat.Core.Hashing;

namespace Lifeboat.Capture.Tests;

/// <summary>A far side that keeps files in memory, as a store that is no folder does, and may be cut off.</summary>
internal sealed class MemoryStore : CrashStore
{
    public Dictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    public List<string> Order { get; } = [];

    public bool? IsComplete { get; private set; }

    /// <summary>The file that the far side breaks off in; null for none.</summary>
    public string? BreaksIn { get; init; }

    /// <summary>What it breaks off with.</summary>
    public Exception Break { get; init; } = new IOException("the connection was reset");

    /// <summary>What it says of its room; null when it cannot.</summary>
    public long? Left { get; init; }

    public override long? Room => Left;

    public override string Location => "memory:";

    public override void Begin(DateTimeOffset time, string host)
    {
    }

    public override CrashFileStream Create(string name) => new MemoryFile(this, name);

    public override void Publish(bool complete) => IsComplete = complete;

    private sealed class MemoryFile(MemoryStore store, string name) : CrashFileStream
    {
        private readonly MemoryStream _content = new();

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            _content.Write(buffer);
            if (name == store.BreaksIn)
            {
                throw store.Break;
            }
        }

        public override StoredFile Commit()
        {
            store.Files[name] = _content.ToArray();
            store.Order.Add(name);
            return new StoredFile(name, _content.Length, Convert.ToHexStringLower(Sha256.HashData(_content.ToArray())));
        }

        protected override void Dispose(bool disposing)
        {
            _content.Dispose();
            base.Dispose(disposing);
        }
    }
}
