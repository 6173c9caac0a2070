namespace Lifeboat.Kexec.Entries.Grub;

/// <summary>Grub's variables at one point of its script, and what its commands have loaded.</summary>
internal sealed class GrubState
{
    /// <summary>Where commands leave what they load; no variable has such a name.</summary>
    internal const string Kernel = "(kernel)";

    internal const string Arguments = "(arguments)";

    /// <summary>Paths, one a line.</summary>
    internal const string Ramdisks = "(ramdisks)";

    /// <summary>An image that is started by the firmware, or any other command that starts something.</summary>
    internal const string Chain = "(chain)";

    /// <summary>The line of the command that loaded the kernel.</summary>
    internal const string Line = "(line)";

    /// <summary>The root at the command that loaded the kernel.</summary>
    internal const string Device = "(device)";

    /// <summary>Not known once a command was met that may start something else, or end the entry.</summary>
    internal const string Unclear = "(unclear)";

    private readonly Dictionary<string, GrubValue> _values;
    private readonly HashSet<string> _exported;

    internal GrubState()
    {
        _values = new Dictionary<string, GrubValue>(StringComparer.Ordinal);
        _exported = new HashSet<string>(StringComparer.Ordinal);
    }

    private GrubState(GrubState other)
    {
        _values = new Dictionary<string, GrubValue>(other._values, StringComparer.Ordinal);
        _exported = new HashSet<string>(other._exported, StringComparer.Ordinal);
    }

    internal int Count => _values.Count;

    /// <summary>A variable; one that is not set is empty, as grub has it.</summary>
    internal GrubValue this[string name]
    {
        get => _values.GetValueOrDefault(name) ?? GrubValue.Empty;
        set => _values[name] = value;
    }

    internal void Remove(string name) => _values.Remove(name);

    internal void Export(string name) => _exported.Add(name);

    internal GrubState Copy() => new(this);

    /// <summary>What a submenu begins with: the exported variables only.</summary>
    internal GrubState CopyExported()
    {
        var copy = new GrubState(this);
        foreach (string name in _values.Keys)
        {
            if (!_exported.Contains(name))
            {
                copy._values.Remove(name);
            }
        }

        return copy;
    }

    /// <summary>Joins what came of two ways of which one was taken: values that differ are not known.</summary>
    internal void Merge(GrubState other, string doubt)
    {
        foreach (string name in (List<string>)[.. _values.Keys, .. other._values.Keys])
        {
            GrubValue mine = this[name];
            if (mine != other[name])
            {
                // How the splash screen is handed over means nothing to a kernel that is not started from one.
                _values[name] = name == "vt_handoff" ? GrubValue.Empty
                    : mine.IsKnown || other[name].IsKnown ? new GrubValue($"${{{name}}}", mine.Doubt ?? other[name].Doubt ?? doubt) : mine;
            }
        }

        _exported.UnionWith(other._exported);
    }
}
