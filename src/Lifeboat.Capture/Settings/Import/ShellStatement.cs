namespace Lifeboat.Capture.Settings.Import;

/// <summary>An assignment of a shell's file, or what is none and was not carried out.</summary>
/// <param name="setting">The name and value; of what was refused, as they stand there.</param>
/// <param name="refusal">Why only a shell could tell what it comes to; null for an assignment that was read.</param>
internal sealed class ShellStatement(ForeignSetting setting, string? refusal)
{
    /// <summary>The name and value.</summary>
    internal ForeignSetting Setting { get; } = setting;

    /// <summary>Why it was refused; null when it was read.</summary>
    internal string? Refusal { get; } = refusal;
}
