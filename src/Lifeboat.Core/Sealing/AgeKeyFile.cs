using System.Globalization;
using System.Text;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Sealing.Interop;

namespace Lifeboat.Core.Sealing;

/// <summary>Files of secret keys and files of recipients: one a line, with empty lines and comments that begin with #.</summary>
public static class AgeKeyFile
{
    /// <summary>Makes a new key and writes it to a file of its own that only its owner can read, durably.</summary>
    /// <returns>The recipient to seal to.</returns>
    /// <exception cref="IOException">The file is there already, or cannot be written: nothing is left of it.</exception>
    public static AgeRecipient Create(string path, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        using var key = AgeIdentity.Generate();
        string created = time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        byte[] comments = Encoding.ASCII.GetBytes($"# created: {created}\n# public key: {key.Recipient}\n");
        using var text = new SecretBytes(AgeIdentity.TextLength + 1);
        key.Write(text.Span);
        text.Span[^1] = (byte)'\n';
        using var file = PendingFile.Create(path, mayReplace: false);
        file.Stream.Write(comments);
        file.Stream.Write(text.Span);
        file.Commit();
        return key.Recipient;
    }

    /// <summary>Reads the secret keys of a file; the caller disposes them.</summary>
    /// <exception cref="DiagnosticException">A line is no key, or there is none.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IReadOnlyList<AgeIdentity> ReadIdentities(string path, DumpLimits? limits = null)
    {
        var identities = new List<AgeIdentity>();
        try
        {
            ReadLines(path, limits, "secret key", (line, where) => identities.Add(AgeIdentity.Parse(line, where)));
            return identities;
        }
        catch
        {
            foreach (AgeIdentity identity in identities)
            {
                identity.Dispose();
            }

            throw;
        }
    }

    /// <summary>Reads the recipients of a file.</summary>
    /// <exception cref="DiagnosticException">A line is no recipient, or there is none.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IReadOnlyList<AgeRecipient> ReadRecipients(string path, DumpLimits? limits = null)
    {
        var recipients = new List<AgeRecipient>();
        ReadLines(path, limits, "recipient", (line, where) => recipients.Add(AgeRecipient.Parse(Encoding.ASCII.GetString(line), where)));
        return recipients;
    }

    private static void ReadLines(string path, DumpLimits? limits, string kind, LineReader take)
    {
        int most = (limits ?? DumpLimits.Default).MaxKeyFileBytes;
        using var content = new SecretBytes(most + 1);

        // Unbuffered: a buffer of the runtime's would keep a copy of the keys.
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        int length = stream.ReadAtLeast(content.Span, most + 1, throwOnEndOfStream: false);
        if (length > most)
        {
            throw Refusal(path, kind, $"more than {most} bytes");
        }

        ReadOnlySpan<byte> rest = content.Span[..length];
        int number = 0, found = 0;
        while (rest.Length > 0)
        {
            int end = rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = (end < 0 ? rest : rest[..end]).Trim(" \t\r"u8);
            rest = end < 0 ? [] : rest[(end + 1)..];
            number++;
            if (line.Length > 0 && line[0] != (byte)'#')
            {
                take(line, $"{path}, line {number}");
                found++;
            }
        }

        if (found == 0)
        {
            throw Refusal(path, kind, length == 0 ? "an empty file" : "comments only");
        }
    }

    private static DiagnosticException Refusal(string path, string kind, string found) =>
        new(new Diagnostic(CoreDiagnostics.BadKeyFile, $"the file has no {kind}")
        {
            Where = path,
            Found = found,
            Expected = $"a {kind} a line",
        });

    private delegate void LineReader(ReadOnlySpan<byte> line, string where);
}
