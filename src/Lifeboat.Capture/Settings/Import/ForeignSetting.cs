namespace Lifeboat.Capture.Settings.Import;

/// <summary>A setting of another program as its file has it.</summary>
/// <param name="line">The number of its line.</param>
/// <param name="name">Its name.</param>
/// <param name="value">Its value, quotes and escapes taken off.</param>
/// <param name="separator">What stands between the two.</param>
internal sealed class ForeignSetting(int line, string name, string value, char separator)
{
    private const string UserEnd = "@";

    /// <summary>The number of its line.</summary>
    internal int Line { get; } = line;

    /// <summary>Its name.</summary>
    internal string Name { get; } = name;

    /// <summary>Its value.</summary>
    internal string Value { get; } = value;

    /// <summary>How it is shown: as it stands there, but for secrets.</summary>
    internal string Shown => Value.Length == 0 && separator == ' ' ? Name : $"{Name}{separator}{WithoutSecrets()}";

    // What is shown is kept in a file and sent to the terminal: passwords, alone or in a URL, stay out of both.
    private string WithoutSecrets()
    {
        if (Name.Contains("PASSWORD", StringComparison.OrdinalIgnoreCase) && Value.Length > 0)
        {
            return "(not shown)";
        }

        int scheme = Value.IndexOf("://", StringComparison.Ordinal);
        int user = scheme < 0 ? -1 : Value.LastIndexOf(UserEnd, StringComparison.Ordinal);
        int password = user < 0 ? -1 : Value.IndexOf(':', scheme + 3);
        return password >= 0 && password < user ? $"{Value[..password]}:(not shown){Value[user..]}" : Value;
    }
}
