namespace Lifeboat.Capture.Http;

/// <summary>The header fields of a request or an answer, in their order; names in any case.</summary>
internal sealed class HttpFields
{
    private readonly List<string> _names = [];
    private readonly List<string> _values = [];

    internal int Count => _names.Count;

    internal HttpFields Add(string name, string value)
    {
        _names.Add(name);
        _values.Add(value);
        return this;
    }

    internal string NameAt(int index) => _names[index];

    internal string ValueAt(int index) => _values[index];

    /// <summary>The value of the first field of this name; null when there is none.</summary>
    internal string? Find(string name)
    {
        for (int i = 0; i < _names.Count; i++)
        {
            if (_names[i].Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return _values[i];
            }
        }

        return null;
    }

    /// <summary>Whether a field that is a list has this word, in any case.</summary>
    internal bool Lists(string name, string word)
    {
        foreach (string item in (Find(name) ?? "").Split(','))
        {
            if (item.Trim().Equals(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
