using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Kexec.Planning;

/// <summary>Makes one ramdisk of several.</summary>
public static class Ramdisks
{
    /// <summary>
    /// The ramdisks behind one another, each filled up to a multiple of four with zeros: the kernel unpacks archives, compressed or
    /// not, as they come, and later files take the place of earlier ones.
    /// </summary>
    /// <exception cref="DiagnosticException">Together they are larger than any image that is believed.</exception>
    public static ReadOnlyMemory<byte> Join(IReadOnlyList<ReadOnlyMemory<byte>> ramdisks)
    {
        if (ramdisks.Count == 1)
        {
            return ramdisks[0];
        }

        long size = 0;
        foreach (ReadOnlyMemory<byte> ramdisk in ramdisks)
        {
            size += (ramdisk.Length + 3L) & ~3L;
        }

        if (size > Array.MaxLength)
        {
            throw new DiagnosticException(new Diagnostic(
                KexecDiagnostics.ImageDoesNotFitMachine, "The ramdisks are larger together than is believed")
            {
                Found = $"{size} bytes",
                Expected = $"at most {Array.MaxLength}",
            });
        }

        var joined = new byte[size];
        int offset = 0;
        foreach (ReadOnlyMemory<byte> ramdisk in ramdisks)
        {
            ramdisk.CopyTo(joined.AsMemory(offset));
            offset += (ramdisk.Length + 3) & ~3;
        }

        return joined;
    }
}
