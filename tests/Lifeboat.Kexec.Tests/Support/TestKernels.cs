namespace Lifeboat.Kexec.Tests.Support;

/// <summary>Real kernels, unpacked distribution packages below the folder that LIFEBOAT_TEST_KERNELS names.</summary>
internal static class TestKernels
{
    /// <summary>The paths of their vmlinuz files; a test with none is skipped and counted.</summary>
    internal static IReadOnlyList<string> Images()
    {
        string? folder = Environment.GetEnvironmentVariable("LIFEBOAT_TEST_KERNELS");
        Assert.SkipUnless(Directory.Exists(folder), "LIFEBOAT_TEST_KERNELS names no folder of unpacked kernels");
        string[] images = Directory.GetDirectories(folder!)
            .SelectMany(package => (string[])[Path.Join(package, "boot"), Path.Join(package, "usr/lib/modules")])
            .Where(Directory.Exists).SelectMany(place => Directory.GetFiles(place, "vmlinuz*", SearchOption.AllDirectories)).ToArray();
        Assert.SkipUnless(images.Length > 0, $"{folder} holds no kernel");
        return images;
    }
}
