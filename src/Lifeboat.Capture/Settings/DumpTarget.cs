namespace Lifeboat.Capture.Settings;

/// <summary>A place that a crash is saved to: one line of the settings file. Targets are tried in the lines' order.</summary>
public abstract record DumpTarget
{
    /// <summary>The line's directive, such as <c>ext4</c> or <c>https</c>.</summary>
    public abstract string Directive { get; }

    /// <summary>What follows it on the line; the directive's reader takes it back.</summary>
    public abstract string Value { get; }

    /// <summary>The host, a name or an address, that must be reached for it; null when it is on this machine.</summary>
    public virtual string? Host => null;

    /// <summary>The target as the settings file writes it.</summary>
    public sealed override string ToString() => $"{Directive} {Value}";
}
