namespace Lifeboat.Capture.Streams;

/// <summary>Names of files in a crash stream: they come from a crashed machine, and lead nowhere but into a folder.</summary>
internal static class CrashFileName
{
    /// <summary>The flattened dump, as stores without a folder get it.</summary>
    internal const string FlattenedDump = "vmcore.flat";

    /// <summary>The dump that it stands for.</summary>
    internal const string Dump = "vmcore.kdump";

    private const int MaxLength = 128;

    /// <summary>Whether it is a plain name: letters, digits, dots, dashes and underscores, a letter or digit first.</summary>
    internal static bool IsPlain(string name)
    {
        if (name.Length is 0 or > MaxLength || !char.IsAsciiLetterOrDigit(name[0]))
        {
            return false;
        }

        foreach (char character in name)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('.' or '-' or '_'))
            {
                return false;
            }
        }

        return true;
    }
}
