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
    internal static string RequireArm64(string name) => Require("LIFEBOAT_TEST_ARM64_DUMPS", name);

    /// <summary>
    /// A dump of one x86-64 guest that QEMU wrote, in the folder that LIFEBOAT_TEST_QEMU_DUMPS names. Of one moment:
    /// <c>elf</c>, <c>paging</c> (-p), <c>zlib</c>, <c>lzo</c>, <c>snappy</c>; of an earlier one: <c>bare</c>, an ELF dump
    /// without VMCOREINFO. Without it the test is skipped: not every QEMU writes every format.
    /// </summary>
    internal static string RequireQemu(string name) => Require("LIFEBOAT_TEST_QEMU_DUMPS", name);

    private static string Require(string variable, string name)
    {
        string path = Path.Combine(Environment.GetEnvironmentVariable(variable) ?? "/nonexistent", name);
        Assert.SkipUnless(File.Exists(path), $"{variable} names no folder with a dump \"{name}\"");
        return path;
    }
}
