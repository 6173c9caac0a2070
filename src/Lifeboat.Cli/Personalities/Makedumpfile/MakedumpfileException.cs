namespace Lifeboat.Cli.Personalities.Makedumpfile;

/// <summary>The call fails: what makedumpfile says of it, and its exit code.</summary>
/// <param name="place">What failed, as makedumpfile names it; null when the line stands for itself.</param>
/// <param name="line">Why.</param>
/// <param name="code">The exit code.</param>
internal sealed class MakedumpfileException(
    string? place, string line, int code = MakedumpfilePersonality.Failed) : Exception(line)
{
    public string? Place { get; } = place;

    public int Code { get; } = code;
}
