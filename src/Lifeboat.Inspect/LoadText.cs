using System.Globalization;

namespace Lifeboat.Inspect;

/// <summary>Load averages as text.</summary>
internal static class LoadText
{
    /// <summary>With two places, as uptime prints them; null for none.</summary>
    internal static string? Of(IReadOnlyList<double> loads)
    {
        string[] texts = new string[loads.Count];
        for (int i = 0; i < texts.Length; i++)
        {
            texts[i] = loads[i].ToString("0.00", CultureInfo.InvariantCulture);
        }

        return texts.Length == 0 ? null : string.Join(", ", texts);
    }
}
