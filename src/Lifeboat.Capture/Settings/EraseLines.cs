using Lifeboat.Kernel.Erasing;

namespace Lifeboat.Capture.Settings;

/// <summary>What the settings' lines say is to be erased in a dump; equal lines are equal.</summary>
public sealed class EraseLines : IEquatable<EraseLines>
{
    private const string None = "none";

    private static readonly EraseDirective[] Keys = [Parse(EraseSets.Keys)];

    private readonly string[] _lines;

    private readonly EraseDirective[] _directives;

    private EraseLines(string[] lines, EraseDirective[] directives) => (_lines, _directives) = (lines, directives);

    /// <summary>No line.</summary>
    public static EraseLines Unsaid { get; } = new([], []);

    /// <summary>What follows the directive's name in each line.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>
    /// What is erased: what the lines name; without lines the keys that the kernel is known to hold, unless the dump is sealed.
    /// </summary>
    public IReadOnlyList<EraseDirective> DirectivesFor(bool isSealed) => _lines.Length > 0 ? _directives : isSealed ? [] : Keys;

    /// <summary>These lines and another one; null when that is no directive, or does not go with the others.</summary>
    /// <param name="text">What follows the directive's name: <c>none</c> alone, or what <see cref="EraseDirective"/> takes.</param>
    public EraseLines? With(string text)
    {
        bool hasNone = _lines is [None];
        if (text == None)
        {
            return _lines.Length == 0 ? new EraseLines([None], []) : null;
        }

        return hasNone || !EraseDirective.TryParse(text, out EraseDirective? directive) ? null
            : new EraseLines([.. _lines, directive.Text], [.. _directives, directive]);
    }

    /// <inheritdoc/>
    public bool Equals(EraseLines? other) => other is not null && _lines.AsSpan().SequenceEqual(other._lines);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as EraseLines);

    /// <inheritdoc/>
    public override int GetHashCode() => _lines.Length == 0 ? 0 : HashCode.Combine(_lines.Length, _lines[0]);

    private static EraseDirective Parse(string text) =>
        EraseDirective.TryParse(text, out EraseDirective? directive) ? directive : throw new InvalidOperationException(text);
}
