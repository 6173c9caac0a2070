namespace Lifeboat.Drill;

/// <summary>Why a drill failed.</summary>
public sealed record DrillFailure
{
    /// <summary>The stage that was not reached; its number is the exit code.</summary>
    public required DrillStage Stage { get; init; }

    /// <summary>What went wrong.</summary>
    public required string What { get; init; }

    /// <summary>What to do about it; null when nothing is known.</summary>
    public string? Hint { get; init; }

    /// <summary>The last lines of the guest's console; empty when it had not started.</summary>
    public IReadOnlyList<string> ConsoleTail { get; init; } = [];
}
