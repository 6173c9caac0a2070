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

    /// <summary>
    /// A file of an arm64 guest in the folder that LIFEBOAT_TEST_ARM64_DUMPS names: <c>elf</c> and <c>kdump</c>, which
    /// QEMU wrote, and <c>log.txt</c>, what the guest printed. Without it the test is skipped.
    /// </summary>
    internal static string RequireArm64(string name)
    {
        string? folder = Environment.GetEnvironmentVariable("LIFEBOAT_TEST_ARM64_DUMPS");
        string path = Path.Combine(folder ?? "/nonexistent", name);
        Assert.SkipUnless(File.Exists(path), "LIFEBOAT_TEST_ARM64_DUMPS names no folder with dumps of an arm64 guest");
        return path;
    }
}
