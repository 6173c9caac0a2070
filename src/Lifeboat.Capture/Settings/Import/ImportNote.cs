namespace Lifeboat.Capture.Settings.Import;

/// <summary>A setting of another program for which no line of ours was written.</summary>
/// <param name="line">The number of its line; 0 when it is about the whole file.</param>
/// <param name="name">Its name.</param>
/// <param name="text">What stands there, on one line; without what is secret.</param>
/// <param name="reason">Why, and what to do.</param>
/// <param name="isLoss">Whether something is missing because of it; false when it is so anyway, or belongs elsewhere.</param>
public sealed class ImportNote(int line, string name, string text, string reason, bool isLoss)
{
    /// <summary>The number of its line; 0 when it is about the whole file.</summary>
    public int Line { get; } = line;

    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>What stands there, on one line; without what is secret.</summary>
    public string Text { get; } = text;

    /// <summary>Why, and what to do.</summary>
    public string Reason { get; } = reason;

    /// <summary>Whether something is missing because of it; false when it is so anyway, or belongs elsewhere.</summary>
    public bool IsLoss { get; } = isLoss;
}
