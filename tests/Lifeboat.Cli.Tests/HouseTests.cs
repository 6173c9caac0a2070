using System.Reflection;

namespace Lifeboat.Cli.Tests;

/// <summary>Holds the rooms to docs/architecture.md: references point downwards only.</summary>
public sealed class HouseTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Lifeboat.Core"] = [],
        ["Lifeboat.Vmcore"] = ["Lifeboat.Core"],
        ["Lifeboat.Symbols"] = ["Lifeboat.Core", "Lifeboat.Vmcore"],
        ["Lifeboat.Kernel"] = ["Lifeboat.Core", "Lifeboat.Symbols", "Lifeboat.Vmcore"],
        ["Lifeboat.Inspect"] = ["Lifeboat.Core", "Lifeboat.Kernel", "Lifeboat.Symbols", "Lifeboat.Vmcore"],
        ["Lifeboat.Kexec"] = ["Lifeboat.Core"],
        ["Lifeboat.Capture"] = ["Lifeboat.Core", "Lifeboat.Kernel", "Lifeboat.Symbols", "Lifeboat.Vmcore"],
        ["Lifeboat.Drill"] =
        [
            "Lifeboat.Capture", "Lifeboat.Core", "Lifeboat.Inspect", "Lifeboat.Kernel", "Lifeboat.Kexec", "Lifeboat.Vmcore",
        ],
    };

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_refers_only_to_rooms_below_it(string room)
    {
        IEnumerable<string> references = Assembly.Load(room).GetReferencedAssemblies()
            .Select(reference => reference.Name!)
            .Where(name => name.StartsWith("Lifeboat.", StringComparison.Ordinal));
        Assert.Empty(references.Except(Allowed[room]));
    }

    public static TheoryData<string> Rooms() => [.. Allowed.Keys];
}
