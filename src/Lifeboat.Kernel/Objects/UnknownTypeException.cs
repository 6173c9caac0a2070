namespace Lifeboat.Kernel.Objects;

/// <summary>
/// The crashed kernel has no type or member of a name, or it is not of the kind asked for: another kernel than the caller
/// knows, or one whose types are damaged.
/// </summary>
public sealed class UnknownTypeException : ArgumentException
{
    /// <summary>A type that is not there.</summary>
    public UnknownTypeException()
    {
    }

    /// <summary>A type that is not there.</summary>
    public UnknownTypeException(string message)
        : base(message)
    {
    }

    /// <summary>A type that is not there.</summary>
    public UnknownTypeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
