using Lifeboat.Core.Hashing;

namespace Lifeboat.Capture;

/// <summary>Puts files of the target on stable storage.</summary>
internal static class DurableFile
{
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
}
