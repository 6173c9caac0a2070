namespace Lifeboat.Drill.Inside.Trials;

/// <summary>How often each thing came.</summary>
internal sealed class TrialTally
{
    private readonly List<string> _names = [];
    private readonly List<int> _counts = [];

    internal void Count(string name)
    {
        int known = _names.IndexOf(name);
        if (known >= 0)
        {
            _counts[known]++;
            return;
        }

        known = ~_names.BinarySearch(name, StringComparer.Ordinal);
        _names.Insert(known, name);
        _counts.Insert(known, 1);
    }

    internal void WriteTo(TextWriter output)
    {
        for (int i = 0; i < _names.Count; i++)
        {
            output.WriteLine($"{_names[i]}: {_counts[i]}");
        }
    }
}
