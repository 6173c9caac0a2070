using System.Globalization;

namespace Lifeboat.Kexec.Machine;

/// <summary>The first two numbers of a kernel's release, which tell what it knows of kexec.</summary>
/// <param name="Major">6 of <c>6.12.5-amd64</c>.</param>
/// <param name="Minor">12 of it.</param>
public sealed record KernelVersion(int Major, int Minor) : IComparable<KernelVersion>
{
    /// <summary>Whether the left version is the older one.</summary>
    public static bool operator <(KernelVersion left, KernelVersion right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left version is the newer one.</summary>
    public static bool operator >(KernelVersion left, KernelVersion right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left version is the older one or the same.</summary>
    public static bool operator <=(KernelVersion left, KernelVersion right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left version is the newer one or the same.</summary>
    public static bool operator >=(KernelVersion left, KernelVersion right) => left.CompareTo(right) >= 0;

    /// <summary>The version in a release (uname -r); null when it does not begin with one.</summary>
    public static KernelVersion? Of(string? release)
    {
        string[] parts = release?.Split('.', 3) ?? [];
        if (parts.Length < 2)
        {
            return null;
        }

        int digits = 0;
        while (digits < parts[1].Length && char.IsAsciiDigit(parts[1][digits]))
        {
            digits++;
        }

        return int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int major)
            && int.TryParse(parts[1].AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out int minor)
            ? new KernelVersion(major, minor)
            : null;
    }

    /// <inheritdoc/>
    public int CompareTo(KernelVersion? other) =>
        other is null ? 1 : Major != other.Major ? Major.CompareTo(other.Major) : Minor.CompareTo(other.Minor);

    /// <summary>The version as <c>6.12</c>.</summary>
    public override string ToString() => $"{Major}.{Minor}";
}
