namespace Lifeboat.Capture.Http;

/// <summary>How long a server is waited for.</summary>
public sealed record HttpTimeouts
{
    /// <summary>Until an address has answered.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Until the server has taken something of what is sent.</summary>
    public TimeSpan Write { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Until something of the answer comes; a server may take its time to make a large file durable.</summary>
    public TimeSpan Read { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Until a server says whether it will take a large file; one that says nothing is sent it.</summary>
    public TimeSpan Continue { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one thing is tried again, counted from when something last went forward.</summary>
    public TimeSpan Retry { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>The pause before the second try; each later one is twice as long, up to <see cref="LongestPause"/>.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause between two tries.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(15);
}
