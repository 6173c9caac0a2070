using Lifeboat.Core.Hashing;

namespace Lifeboat.Capture;

/// <summary>Writes a file of text line by line, hashes it on the way, and makes it durable.</summary>
internal sealed class DurableFile(Stream stream) : IDisposable
{
    private readonly Sha256 _hash = new();

    /// <summary>Bytes written so far.</summary>
    internal long Length { get; private set; }

    internal void Write(ReadOnlySpan<byte> bytes)
    {
        stream.Write(bytes);
        _hash.Append(bytes);
        Length += bytes.Length;
    }

    /// <summary>Puts everything on stable storage and gives the hash in hex.</summary>
    internal string Finish()
    {
        Flush(stream);
        return Convert.ToHexStringLower(_hash.Finish());
    }

    /// <summary>Puts a file that another process wrote on stable storage, and gives its hash in hex.</summary>
    internal static string HashAndFlush(FileStream stream)
    {
        string hash = Convert.ToHexStringLower(Sha256.HashData(stream));
        RandomAccess.FlushToDisk(stream.SafeFileHandle);
        return hash;
    }

    /// <summary>Puts everything that a stream was given on stable storage.</summary>
    internal static void Flush(Stream stream)
    {
        try
        {
            stream.Flush();
        }
        finally
        {
            // On a full disk the flush fails; what did get through is kept nevertheless.
            if (stream is FileStream file)
            {
                RandomAccess.FlushToDisk(file.SafeFileHandle);
            }
        }
    }

    public void Dispose() => stream.Dispose();
}
