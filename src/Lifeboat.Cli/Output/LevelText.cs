using Lifeboat.Vmcore;

namespace Lifeboat.Cli.Output;

/// <summary>Dump levels in words.</summary>
internal static class LevelText
{
    private static readonly (DumpLevel Bit, string Name)[] Classes =
    [
        (DumpLevel.Zero, "zero"), (DumpLevel.Cache, "cache"), (DumpLevel.PrivateCache, "private cache"),
        (DumpLevel.User, "user"), (DumpLevel.Free, "free"),
    ];

    /// <summary>What a level leaves out: <c>zero, free</c>, or <c>nothing</c>.</summary>
    public static string LeftOutAt(DumpLevel level)
    {
        var names = new List<string>();
        foreach ((DumpLevel bit, string name) in Classes)
        {
            if (level.HasFlag(bit))
            {
                names.Add(name);
            }
        }

        return names.Count == 0 ? "nothing" : string.Join(", ", names);
    }
}
