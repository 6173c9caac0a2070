namespace Lifeboat.Capture.Modules;

/// <summary>What a kernel was built with: the text of <c>/boot/config-RELEASE</c>.</summary>
public sealed class KernelConfig
{
    private const string Prefix = "CONFIG_";

    private readonly Dictionary<string, string> _values;

    private KernelConfig(Dictionary<string, string> values) => _values = values;

    /// <summary>Reads the text; lines that set nothing are skipped.</summary>
    public static KernelConfig Parse(string text)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            int equals = line.IndexOf('=');
            if (line.StartsWith(Prefix) && equals > Prefix.Length)
            {
                values[line[Prefix.Length..equals].ToString()] = line[(equals + 1)..].Trim().Trim('"').ToString();
            }
        }

        return new KernelConfig(values);
    }

    /// <summary>Reads the file at <paramref name="path"/>.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static KernelConfig Read(string path) => Parse(File.ReadAllText(path));

    /// <summary>Whether an option, named without <c>CONFIG_</c>, is built in or a module.</summary>
    public bool IsEnabled(string option) => _values.TryGetValue(option, out string? value) && value is "y" or "m";

    /// <summary>Whether an option is built in.</summary>
    public bool IsBuiltIn(string option) => _values.TryGetValue(option, out string? value) && value == "y";

    /// <summary>The value of an option, without quotes; null when it is not set.</summary>
    public string? ValueOf(string option) => _values.GetValueOrDefault(option);
}
