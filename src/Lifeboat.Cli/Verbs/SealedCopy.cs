using Lifeboat.Cli.Output;
using Lifeboat.Cli.Personalities;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;
using Lifeboat.Core.Sealing;

namespace Lifeboat.Cli.Verbs;

/// <summary>
/// Copies a file, or standard input, to another and seals or opens it on the way. A file that is written has its name
/// only once it is whole and on stable storage.
/// </summary>
internal sealed class SealedCopy(string input, string output, bool mayOverwrite, Terminal terminal, CancellationToken cancellation)
{
    /// <summary>The name of the standard streams.</summary>
    public const string Standard = "-";

    private const int Piece = 1 << 20;

    /// <summary>Seals the input; returns the bytes of the output.</summary>
    public ByteCount Seal(IReadOnlyList<AgeRecipient> recipients) => Run("sealing", (source, target, line) =>
    {
        using var sealing = new SealingStream(target, recipients, leaveOpen: true);
        Copy(source, sealing, line);
        sealing.Finish();
    });

    /// <summary>Opens the input; returns the bytes of the output.</summary>
    public ByteCount Unseal(IReadOnlyList<AgeIdentity> identities) => Run("opening", (source, target, line) =>
    {
        string name = input == Standard ? "standard input" : input;
        using var opening = new OpeningStream(source, identities, name, leaveOpen: true);
        Copy(opening, target, line);
    });

    private ByteCount Run(string what, Action<Stream, Stream, ByteProgressLine> copy)
    {
        using Stream source = input == Standard
            ? Console.OpenStandardInput()
            : new FileStream(input, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        ulong inAll = source.CanSeek ? (ulong)source.Length : 0;
        var line = new ByteProgressLine(terminal, what, inAll, TimeProvider.System);
        try
        {
            return output == Standard ? ToStandardOutput(source, line, copy) : ToFile(source, line, copy);
        }
        finally
        {
            line.Clear();
        }
    }

    private ByteCount ToFile(Stream source, ByteProgressLine line, Action<Stream, Stream, ByteProgressLine> copy)
    {
        if (!mayOverwrite && new FileInfo(output) is { Exists: true, Length: > 0 })
        {
            throw new IOException($"{output} is there already; --force overwrites it");
        }

        using var file = PendingFile.Create(output, mayReplace: true);
        copy(source, file.Stream, line);
        var length = new ByteCount((ulong)file.Stream.Length);
        file.Commit();
        return length;
    }

    private ByteCount ToStandardOutput(Stream source, ByteProgressLine line, Action<Stream, Stream, ByteProgressLine> copy)
    {
        bool isWhole = false;
        try
        {
            using FileStream target = StandardStreams.OpenOutput();
            copy(source, target, line);
            target.Flush();
            isWhole = true;
            return ByteCount.Zero;
        }
        finally
        {
            if (!isWhole)
            {
                line.Clear();
                terminal.Note("what went to standard output, if anything, is incomplete");
            }
        }
    }

    private void Copy(Stream from, Stream to, ByteProgressLine line)
    {
        byte[] buffer = new byte[Piece];
        ulong done = 0;
        for (int read; (read = from.Read(buffer)) > 0;)
        {
            cancellation.ThrowIfCancellationRequested();
            to.Write(buffer.AsSpan(0, read));
            done += (ulong)read;
            line.Report(done);
        }
    }
}
