namespace Lifeboat.Cli.Output;

/// <summary>Bars in text reports.</summary>
internal static class Bar
{
    private const int Width = 30;

    /// <summary>A bar that is as long as a part of a whole; what is there at all has a mark.</summary>
    public static string Of(double part, double whole) => part <= 0 || whole <= 0
        ? "" : new string('█', (int)Math.Clamp(Math.Ceiling(part / whole * Width), 1, Width));
}
