using Lifeboat.Core.Diagnostics;
using Lifeboat.Kexec.Planning;

namespace Lifeboat.Kexec.Loading;

/// <summary>Ramdisks in files.</summary>
public static class RamdiskFiles
{
    /// <summary>The files' bytes as one ramdisk (<see cref="Ramdisks.Join"/>); empty for no files.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="DiagnosticException">Together they are too large.</exception>
    public static ReadOnlyMemory<byte> Join(IReadOnlyList<string> paths)
    {
        var parts = new List<ReadOnlyMemory<byte>>(paths.Count);
        foreach (string path in paths)
        {
            parts.Add(File.ReadAllBytes(path));
        }

        return parts.Count == 0 ? default : Ramdisks.Join(parts);
    }
}
