using System.Collections;

namespace Lifeboat.Capture.Settings;

/// <summary>Targets in the order that they are tried; lists of equal targets are equal.</summary>
public sealed class DumpTargets : IReadOnlyList<DumpTarget>, IEquatable<DumpTargets>
{
    private readonly DumpTarget[] _targets;

    /// <summary>Targets in this order.</summary>
    public DumpTargets(params DumpTarget[] targets) => _targets = targets;

    /// <summary>No target.</summary>
    public static DumpTargets None { get; } = new();

    /// <inheritdoc/>
    public int Count => _targets.Length;

    /// <inheritdoc/>
    public DumpTarget this[int index] => _targets[index];

    /// <summary>The first that a directive names; null for none.</summary>
    /// <param name="directive">The directive's name.</param>
    public DumpTarget? FirstOf(string directive)
    {
        foreach (DumpTarget target in _targets)
        {
            if (target.Directive == directive)
            {
                return target;
            }
        }

        return null;
    }

    /// <summary>These, and another one after them.</summary>
    public DumpTargets With(DumpTarget target) => new([.. _targets, target]);

    /// <inheritdoc/>
    public bool Equals(DumpTargets? other) => other is not null && _targets.AsSpan().SequenceEqual(other._targets);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DumpTargets);

    /// <inheritdoc/>
    public override int GetHashCode() => _targets.Length == 0 ? 0 : HashCode.Combine(_targets.Length, _targets[0]);

    /// <inheritdoc/>
    public IEnumerator<DumpTarget> GetEnumerator() => ((IEnumerable<DumpTarget>)_targets).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
