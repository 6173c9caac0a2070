namespace Lifeboat.Core.Diagnostics;

/// <summary>A dump is not what its format says; strict reading ends with this.</summary>
/// <param name="diagnostics">What is wrong with it, the cause first.</param>
public sealed class DumpFormatException(params IReadOnlyList<Diagnostic> diagnostics)
    : DiagnosticException(diagnostics);
