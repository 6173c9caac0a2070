using System.Globalization;

namespace Lifeboat.Inspect.Commands;

/// <summary>Times as the kernel's log writes them.</summary>
internal static class Durations
{
    /// <summary>Seconds with six digits behind the point: <c>12.345678</c>.</summary>
    internal static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.000000", CultureInfo.InvariantCulture);
}
