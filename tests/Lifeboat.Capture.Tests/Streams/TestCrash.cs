using System.Buffers.Binary;
using System.Text;
using Lifeboat.Capture.Manifest;
using Lifeboat.Capture.Stores;
using Lifeboat.Capture.Streams;
using Lifeboat.Core.Hashing;

namespace Lifeboat.Capture.Tests.Streams;

/// <summary>A crash of known files, as a stream and out of one.</summary>
internal static class TestCrash
{
    public const string Host = "web1";

    public static readonly DateTimeOffset Time = new(2026, 1, 31, 14, 22, 33, TimeSpan.Zero);

    public static CrashStreamHeader Header => new(0x1122334455667788, Time, Host);

    /// <summary>What the flattened dump stands for.</summary>
    public static byte[] Dump { get; } = MakeDump();

    /// <summary>The dump as <c>makedumpfile -F</c> writes it: out of order, its first bytes once more at the end.</summary>
    public static byte[] Flattened { get; } = Flatten(Dump);

    public static byte[] Manifest(bool complete, string dumpFile = "vmcore.flat", byte[]? dump = null) => new CaptureManifest
    {
        ToolVersion = "1.2.3",
        Complete = complete,
        Host = Host,
        Tiers =
        [
            new ManifestTier { Name = "log", File = "dmesg.txt", Status = TierStatus.Saved, Bytes = 5, Sha256 = HashOf("a log"u8) },
            new ManifestTier
            {
                Name = "dump",
                File = dumpFile,
                Status = complete ? TierStatus.Saved : TierStatus.NotStarted,
                Bytes = complete ? (dump ?? Flattened).Length : null,
                Sha256 = complete ? HashOf(dump ?? Flattened) : null,
            },
        ],
    }.ToJson();

    /// <summary>A whole stream.</summary>
    public static byte[] Stream(int block = 0)
    {
        using var stream = new MemoryStream();
        var writer = new CrashStreamWriter(stream, Header);
        Add("dmesg.txt", "a log"u8);
        Add(CaptureManifest.FileName, Manifest(complete: false));
        Add("vmcore.flat", Flattened);
        Add(CaptureManifest.FileName, Manifest(complete: true));
        writer.Publish(isComplete: true);
        return stream.ToArray();

        void Add(string name, ReadOnlySpan<byte> content)
        {
            writer.BeginFile(name);
            writer.Write(content);
            writer.EndFile(isWhole: true);
            if (block > 0)
            {
                writer.Pad(block);
            }
        }
    }

    /// <summary>Sends the crash to a store, tier by tier, as a capture does.</summary>
    public static List<StoredFile> SendTo(CrashStore store)
    {
        store.Begin(Time, Host);
        var stored = new List<StoredFile>
        {
            Send(store, "dmesg.txt", "a log"u8.ToArray()),
            Send(store, CaptureManifest.FileName, Manifest(complete: false)),
            Send(store, "vmcore.flat", Flattened),
        };
        stored.Add(Send(store, CaptureManifest.FileName, Manifest(complete: true, stored[2].Name)));
        store.Publish(complete: true);
        return stored;
    }

    public static StoredFile Send(CrashStore store, string name, byte[] content)
    {
        using CrashFileStream file = store.Create(name);
        for (int at = 0; at < content.Length; at += 100_000)
        {
            file.Write(content.AsSpan(at, Math.Min(100_000, content.Length - at)));
        }

        return file.Commit();
    }

    public static string HashOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(Sha256.HashData(bytes));

    private static byte[] MakeDump()
    {
        byte[] dump = new byte[3_000_000];
        new Random(7).NextBytes(dump);
        Encoding.ASCII.GetBytes("KDUMP   ").CopyTo(dump, 0);
        return dump;
    }

    private static byte[] Flatten(byte[] dump)
    {
        using var flat = new MemoryStream();
        byte[] header = new byte[4096];
        Encoding.ASCII.GetBytes("makedumpfile").CopyTo(header, 0);
        BinaryPrimitives.WriteInt64BigEndian(header.AsSpan(16), 1);
        BinaryPrimitives.WriteInt64BigEndian(header.AsSpan(24), 1);
        flat.Write(header);
        Record(0, new byte[4096]);
        Record(2_000_000, dump[2_000_000..]);
        Record(4096, dump[4096..2_000_000]);
        Record(0, dump[..4096]);
        Span<byte> end = stackalloc byte[16];
        end.Fill(0xFF);
        flat.Write(end);
        return flat.ToArray();

        void Record(long offset, byte[] bytes)
        {
            byte[] record = new byte[16];
            BinaryPrimitives.WriteInt64BigEndian(record, offset);
            BinaryPrimitives.WriteInt64BigEndian(record.AsSpan(8), bytes.Length);
            flat.Write(record);
            flat.Write(bytes);
        }
    }
}
