namespace Lifeboat.Vmcore.Tests.TestSupport;

/// <summary>
/// Dumps of real machines, in the folder that LIFEBOAT_TEST_DUMPS names: RELEASE.elf and RELEASE.kdump.
/// </summary>
internal static class TestDumps
{
    internal static string? Folder { get; } = Environment.GetEnvironmentVariable("LIFEBOAT_TEST_DUMPS");

    internal static IReadOnlyList<string> Find(string extension)
    {
        if (Folder is null || !Directory.Exists(Folder))
        {
            return [];
        }

        return [.. Directory.GetFiles(Folder, "*" + extension).Order(StringComparer.Ordinal)];
    }
}
