using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Core.Tests.Diagnostics;

public sealed class DiagnosticTests
{
    private static readonly DiagnosticId Id = new(42, "a test");

    [Fact]
    public void Everything_that_is_known_is_in_one_line() => Assert.Equal(
        "LB0042: the header is damaged (at 0x10, found 7, expected 1 to 6). Copy the file again",
        new Diagnostic(Id, "the header is damaged")
        {
            Where = "0x10",
            Found = "7",
            Expected = "1 to 6",
            Remedy = "Copy the file again",
        }.ToString());

    [Theory]
    [InlineData(null, null, null, null, "LB0042: what")]
    [InlineData("here", null, null, null, "LB0042: what (at here)")]
    [InlineData(null, "x", null, null, "LB0042: what (found x)")]
    [InlineData(null, null, "y", null, "LB0042: what (expected y)")]
    [InlineData(null, "x", "y", null, "LB0042: what (found x, expected y)")]
    [InlineData(null, null, null, "Do it", "LB0042: what. Do it")]
    public void What_is_not_known_leaves_no_trace(
        string? where, string? found, string? expected, string? remedy, string text) =>
        Assert.Equal(
            text,
            new Diagnostic(Id, "what") { Where = where, Found = found, Expected = expected, Remedy = remedy }.ToString(
                ));

    [Fact]
    public void An_exception_gives_its_diagnostics_a_line_each()
    {
        var first = new Diagnostic(Id, "first");
        var second = new Diagnostic(Id, "second");
        var exception = new DumpFormatException(first, second);
        Assert.Equal([first, second], exception.Diagnostics);
        Assert.Equal($"LB0042: first{Environment.NewLine}LB0042: second", exception.Message);
    }

    [Fact]
    public void An_exception_without_a_diagnostic_is_the_caller_s_bug() =>
        Assert.Throws<ArgumentException>(() => new DiagnosticException());

    [Theory]
    [InlineData(1, "LB0001")]
    [InlineData(2001, "LB2001")]
    [InlineData(12345, "LB12345")]
    public void Numbers_have_four_digits_at_least(int number, string text) =>
        Assert.Equal(text, new DiagnosticId(number, "x").ToString());
}
