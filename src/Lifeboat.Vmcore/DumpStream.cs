using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore;

/// <summary>Puts a stream into a file that has no name any more, so that it can be read at any place.</summary>
internal static class DumpStream
{
    private const int PieceLength = 1 << 20;

    internal static MappedFile Keep(
        Stream stream, string name, string folder, DumpLimits limits, CancellationToken cancellationToken)
    {
        string path = Path.Combine(folder, $".lifeboat-{Guid.NewGuid():N}");
        using var file = OutputFile.Create(path);

        // From here on nothing can leave it behind, however this ends.
        File.Delete(path);
        byte[] piece = new byte[PieceLength];
        long length = 0;
        for (int read; (read = stream.ReadAtLeast(piece, piece.Length, throwOnEndOfStream: false)) > 0; length += read)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (read > limits.MaxStreamBytes - length)
            {
                throw new DumpFormatException(
                    new Diagnostic(VmcoreDiagnosticIds.BeyondLimit, "the stream goes on for longer than is believed")
                    {
                        Where = name,
                        Found = $"more than {new ByteCount((ulong)length)}",
                        Expected = $"at most {new ByteCount((ulong)limits.MaxStreamBytes)}",
                    });
            }

            file.WriteAt(new FileOffset((ulong)length), piece.AsSpan(0, read));
        }

        return MappedFile.Of(file, name);
    }
}
