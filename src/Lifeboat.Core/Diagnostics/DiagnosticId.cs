namespace Lifeboat.Core.Diagnostics;

/// <summary>
/// The number and name of one kind of diagnostic. Every room has a static class of its own that lists its kinds:
/// Core 1000, Vmcore 2000, Kernel 3000, Kexec 4000, Capture 5000, Drill 6000, Inspect 7000,
/// Symbols 8000.
/// </summary>
/// <param name="Number">The number; never reused once released.</param>
/// <param name="Name">The kind in a few words, for documentation.</param>
public readonly record struct DiagnosticId(int Number, string Name)
{
    /// <summary>The number as users see and search it, <c>LB2001</c>.</summary>
    public override string ToString() => $"LB{Number:0000}";
}
