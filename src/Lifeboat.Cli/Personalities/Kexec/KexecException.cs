namespace Lifeboat.Cli.Personalities.Kexec;

/// <summary>kexec ends with a message and an exit code.</summary>
/// <param name="message">What is told on standard error.</param>
/// <param name="code">The exit code.</param>
/// <param name="showsUsage">Whether the usage is printed as well.</param>
internal sealed class KexecException(string message, int code = KexecPersonality.Died, bool showsUsage = false) : Exception(message)
{
    public int Code => code;

    public bool ShowsUsage => showsUsage;
}
