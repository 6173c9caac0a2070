using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Settings;

/// <summary>Something that is wrong or doubtful in a settings file.</summary>
/// <param name="line">The number of the line; 0 when it is about the whole file.</param>
/// <param name="isError">Whether a dump would be lost or a line is not understood; otherwise it is advice.</param>
/// <param name="diagnostic">What was found.</param>
public sealed class SettingFinding(int line, bool isError, Diagnostic diagnostic)
{
    /// <summary>The number of the line; 0 when it is about the whole file.</summary>
    public int Line { get; } = line;

    /// <summary>Whether a dump would be lost or a line is not understood; otherwise it is advice.</summary>
    public bool IsError { get; } = isError;

    /// <summary>What was found, what is expected, and what to do.</summary>
    public Diagnostic Diagnostic { get; } = diagnostic;
}
