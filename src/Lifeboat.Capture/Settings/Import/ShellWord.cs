namespace Lifeboat.Capture.Settings.Import;

/// <summary>A word of a shell's file, quotes and escapes taken off.</summary>
/// <param name="line">The line that it begins in.</param>
/// <param name="name">Of an assignment what it assigns to; null for any other word.</param>
/// <param name="value">What it comes to: of an assignment, what is assigned.</param>
/// <param name="raw">The same as it stands there.</param>
/// <param name="problem">What in it would need a shell; null for nothing.</param>
internal sealed class ShellWord(int line, string? name, string value, string raw, string? problem)
{
    /// <summary>The line that it begins in.</summary>
    internal int Line { get; } = line;

    /// <summary>What it assigns to; null when it is no assignment.</summary>
    internal string? Name { get; } = name;

    /// <summary>What it comes to.</summary>
    internal string Value { get; } = value;

    /// <summary>The value as it stands there.</summary>
    internal string Raw { get; } = raw;

    /// <summary>What in it would need a shell.</summary>
    internal string? Problem { get; } = problem;
}
