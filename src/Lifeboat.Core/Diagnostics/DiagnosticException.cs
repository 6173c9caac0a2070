namespace Lifeboat.Core.Diagnostics;

/// <summary>Bad or damaged input, or a plan that cannot be carried out; carries the diagnostics that say why.</summary>
public class DiagnosticException : Exception
{
    /// <summary>An exception for one or more diagnostics; the first is the cause that the message gives.</summary>
    /// <exception cref="ArgumentException">There is no diagnostic.</exception>
    public DiagnosticException(params IReadOnlyList<Diagnostic> diagnostics)
        : this(null, diagnostics)
    {
    }

    /// <summary>An exception for diagnostics that another exception led to.</summary>
    /// <exception cref="ArgumentException">There is no diagnostic.</exception>
    public DiagnosticException(Exception? inner, params IReadOnlyList<Diagnostic> diagnostics)
        : base(string.Join(Environment.NewLine, diagnostics), inner)
    {
        if (diagnostics.Count == 0)
        {
            throw new ArgumentException("an exception without a diagnostic says nothing", nameof(diagnostics));
        }

        Diagnostics = diagnostics;
    }

    /// <summary>What is wrong, the cause first.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; }
}
