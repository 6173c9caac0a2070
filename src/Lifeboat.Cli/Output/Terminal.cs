namespace Lifeboat.Cli.Output;

/// <summary>Where a verb writes: results to standard output, everything else to standard error.</summary>
internal sealed class Terminal(TextWriter output, TextWriter error, bool outputIsColoured, bool errorIsColoured)
{
    /// <summary>Results go here.</summary>
    public TextWriter Output { get; } = output;

    /// <summary>Messages and progress go here.</summary>
    public TextWriter Messages { get; } = error;

    /// <summary>Paints results, when they go to a person's terminal.</summary>
    public Paint OutputPaint { get; } = new(outputIsColoured);

    /// <summary>Paints messages, when they go to a person's terminal.</summary>
    public Paint MessagePaint { get; } = new(errorIsColoured);

    /// <summary>Whether a person sees the messages as they come, so that a line may be written over.</summary>
    public bool IsWatched { get; private init; }

    /// <summary>The streams of this process; coloured where they are terminals and NO_COLOR is not set.</summary>
    public static Terminal OfProcess()
    {
        bool wanted = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        return new Terminal(
            Console.Out, Console.Error, wanted && !Console.IsOutputRedirected, wanted && !Console.IsErrorRedirected)
        {
            IsWatched = !Console.IsErrorRedirected,
        };
    }

    /// <summary>Tells an error.</summary>
    public void Error(string message) => Messages.WriteLine($"{MessagePaint.Bad("lifeboat:")} {message}");

    /// <summary>Tells something that is neither a result nor an error.</summary>
    public void Note(string message) => Messages.WriteLine($"{MessagePaint.Dim("lifeboat:")} {message}");
}
