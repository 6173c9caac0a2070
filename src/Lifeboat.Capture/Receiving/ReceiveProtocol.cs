namespace Lifeboat.Capture.Receiving;

/// <summary>The words of the answers that <c>lifeboat receive</c> gives, a line each (docs/formats.md).</summary>
internal static class ReceiveProtocol
{
    /// <summary>The first line: who answers, and by which version of these rules.</summary>
    internal const string Greeting = "lifeboat receive 1";

    /// <summary>The folder that the crash goes to; its name follows.</summary>
    internal const string Folder = "folder";

    /// <summary>A file that an earlier connection brought: name, bytes, SHA-256.</summary>
    internal const string Have = "have";

    /// <summary>Files may come.</summary>
    internal const string Ready = "ready";

    /// <summary>A file is durable: name, bytes, SHA-256 of what is stored.</summary>
    internal const string Stored = "stored";

    /// <summary>A file is not, or not whole: name, why.</summary>
    internal const string Failed = "failed";

    /// <summary>Nothing follows, and the folder has its last name, which follows.</summary>
    internal const string Published = "published";

    /// <summary>Nothing can be taken at all; why.</summary>
    internal const string Error = "error";

    /// <summary>Words of an error on one line of bounded length.</summary>
    internal static string OnOneLine(string text)
    {
        const int MaxLength = 500;
        char[] line = text.ToCharArray(0, Math.Min(text.Length, MaxLength));
        for (int i = 0; i < line.Length; i++)
        {
            if (char.IsControl(line[i]))
            {
                line[i] = ' ';
            }
        }

        return new string(line);
    }
}
