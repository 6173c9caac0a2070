namespace Lifeboat.Inspect.Commands;

/// <summary>A command was called in a way that makes no sense; the message says what to do.</summary>
public sealed class CommandException : Exception
{
    /// <summary>A mistake without words.</summary>
    public CommandException()
    {
    }

    /// <summary>A mistake.</summary>
    public CommandException(string message)
        : base(message)
    {
    }

    /// <summary>A mistake that another one shows.</summary>
    public CommandException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
