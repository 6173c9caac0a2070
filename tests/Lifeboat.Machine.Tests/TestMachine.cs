using System.Diagnostics;

namespace Lifeboat.Machine.Tests;

/// <summary>What ./test.sh prepared: the static program, unpacked kernels, debugging information.</summary>
internal static class TestMachine
{
    /// <summary>The static program; the test is skipped where it was not built.</summary>
    public static string Program => Required("LIFEBOAT_TEST_PROGRAM", File.Exists);

    /// <summary>The folder of an unpacked kernel package whose release begins so; the test is skipped where it is not there.</summary>
    public static TestKernel Kernel(string series)
    {
        string folder = Required("LIFEBOAT_TEST_KERNELS", Directory.Exists);
        string? package = Directory.EnumerateDirectories(folder, $"linux-image-{series}.*").Order(StringComparer.Ordinal).LastOrDefault();
        Assert.SkipWhen(package is null, $"no kernel {series} in {folder}");
        return KernelIn(package!);
    }

    /// <summary>A kernel that hands keys of encrypted disks over (eng/crash-keys-kernel.sh); the test is skipped where it was not built.</summary>
    public static TestKernel CrashKeysKernel => KernelIn(Required("LIFEBOAT_TEST_CRASH_KEYS_KERNEL", Directory.Exists));

    private static TestKernel KernelIn(string package)
    {
        TestKernel kernel = PartsOf(package);
        TestContext.Current.TestOutputHelper?.WriteLine($"kernel {kernel.Release}");
        return kernel;
    }

    private static TestKernel PartsOf(string package)
    {
        if (!Directory.Exists(Path.Combine(package, "boot")))
        {
            // From 7.x on the image lies among its modules.
            string tree = Directory.EnumerateDirectories(Path.Combine(package, "usr/lib/modules")).Single();
            return new TestKernel(Path.GetFileName(tree), Path.Combine(tree, "vmlinuz"), tree, Path.Combine(tree, "config"));
        }

        string image = Directory.EnumerateFiles(Path.Combine(package, "boot"), "vmlinuz-*").Single();
        string release = Path.GetFileName(image)["vmlinuz-".Length..];
        return new TestKernel(release, image, Path.Combine(package, "lib/modules", release), Path.Combine(package, "boot", $"config-{release}"));
    }

    /// <summary>The vmlinux with debugging information of a release; the test is skipped where it is not there.</summary>
    public static string DebugInfo(string release)
    {
        string folder = Required("LIFEBOAT_TEST_DEBUGINFO", Directory.Exists);
        string path = Path.Combine(folder, release, $"usr/lib/debug/boot/vmlinux-{release}");
        Assert.SkipUnless(File.Exists(path), $"no debugging information for {release}");
        return path;
    }

    /// <summary>A dump of a guest with all of its memory, of a kernel whose release begins so; the test is skipped where it was not made.</summary>
    public static string WholeDump(string series)
    {
        string folder = Required("LIFEBOAT_TEST_DUMPS", Directory.Exists);
        string? dump = Directory.EnumerateFiles(folder, $"{series}.*.elf").Order(StringComparer.Ordinal).LastOrDefault();
        Assert.SkipWhen(dump is null, $"no dump of kernel {series} in {folder}");
        return dump!;
    }

    /// <summary>A Debian to boot, as a ramdisk; the test is skipped where it was not made.</summary>
    public static string DebianRoot => Required("LIFEBOAT_TEST_DEBIAN_ROOT", File.Exists);

    /// <summary>A Debian with the tools of LVM, mdraid and the like, as a ramdisk; the test is skipped where it was not made.</summary>
    public static string StorageRoot => Required("LIFEBOAT_TEST_STORAGE_ROOT", File.Exists);

    /// <summary>Skips a test that takes long for what it finds, and marks it as one of the nightly set (eng/nightly.py).</summary>
    public static void RequireNightly() => Assert.SkipUnless(TellNightly(), "only in ./test.sh --nightly");

    /// <summary>How often a test does something: more often at night, when it is one of the nightly set.</summary>
    public static int Times(int usually, int nightly) => TellNightly() ? nightly : usually;

    /// <summary>The path of a tool; the test is skipped where it is not installed.</summary>
    public static string Oracle(string name)
    {
        string? path = (Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/sbin").Split(':')
            .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, $"{name} is not installed");
        return path!;
    }

    /// <summary>What a tool says, which must end well; the test is skipped where it is not installed.</summary>
    public static string RunOracle(string tool, params string[] arguments)
    {
        ProgramResult result = Run(Oracle(tool), arguments);
        Assert.True(result.ExitCode == 0, $"{tool}: {result.Output}{result.Error}");
        return result.Output;
    }

    /// <summary>Runs a program to its end.</summary>
    public static ProgramResult Run(
        string program, IEnumerable<string> arguments, string? input = null, Dictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment ?? [])
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input ?? "");
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new ProgramResult(process.ExitCode, output, error.GetAwaiter().GetResult());
    }

    private static bool TellNightly()
    {
        bool isNightly = Environment.GetEnvironmentVariable("LIFEBOAT_TEST_NIGHTLY") == "yes";
        if (isNightly)
        {
            TestContext.Current.TestOutputHelper?.WriteLine("nightly");
        }

        return isNightly;
    }

    private static string Required(string variable, Func<string?, bool> exists)
    {
        string? value = Environment.GetEnvironmentVariable(variable);
        Assert.SkipUnless(exists(value), $"{variable} is not set: run ./test.sh");
        return value!;
    }
}
