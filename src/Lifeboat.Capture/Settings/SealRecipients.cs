using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Sealing;

namespace Lifeboat.Capture.Settings;

/// <summary>Reads the public keys of the directive <c>seal_to</c>.</summary>
internal static class SealRecipients
{
    private const int MostKeys = 16;

    /// <summary>The keys in a line's value, separated by blanks; null when one is none.</summary>
    internal static IReadOnlyList<AgeRecipient>? TryParse(string text)
    {
        string[] words = text.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        var keys = new List<AgeRecipient>(words.Length);
        try
        {
            foreach (string word in words)
            {
                keys.Add(AgeRecipient.Parse(word, "seal_to"));
            }
        }
        catch (DiagnosticException)
        {
            return null;
        }

        return keys.Count is > 0 and <= MostKeys ? keys : null;
    }

    /// <summary>The keys as a line says them.</summary>
    internal static string ToText(IReadOnlyList<AgeRecipient> keys)
    {
        var words = new string[keys.Count];
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = keys[i].ToString();
        }

        return string.Join(' ', words);
    }
}
