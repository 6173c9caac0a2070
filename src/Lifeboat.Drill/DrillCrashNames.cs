namespace Lifeboat.Drill;

/// <summary>What the ways of crashing are called on the command line.</summary>
public static class DrillCrashNames
{
    // In the order of the values.
    private static readonly string[] Names =
        ["sysrq", "null", "wild", "bug", "divide", "soft-lockup", "hung-task", "oom", "nmi", "mce"];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All => Names;

    /// <summary>The name of a way.</summary>
    public static string NameOf(DrillCrash crash) => Names[(int)crash];

    /// <summary>The way that a name stands for; false when it stands for none.</summary>
    public static bool TryParse(string? name, out DrillCrash crash)
    {
        crash = (DrillCrash)Math.Max(0, Array.IndexOf(Names, name));
        return NameOf(crash) == name;
    }
}
