namespace Lifeboat.Capture.Ramdisk;

/// <summary>A module that a ramdisk lists for loading: a line of <see cref="RamdiskLayout.ModuleList"/>.</summary>
/// <param name="Path">Its file in the ramdisk, without spaces.</param>
/// <param name="Parameters">What it is given, <c>timeout=10 debug=1</c>; empty for nothing.</param>
public sealed record RamdiskModule(string Path, string Parameters)
{
    /// <summary>The module of a line.</summary>
    public static RamdiskModule Parse(string line)
    {
        string[] parts = line.Trim().Split(' ', 2);
        return new RamdiskModule(parts[0], parts.Length > 1 ? parts[1] : "");
    }

    /// <summary>The line.</summary>
    public override string ToString() => Parameters.Length == 0 ? Path : $"{Path} {Parameters}";
}
