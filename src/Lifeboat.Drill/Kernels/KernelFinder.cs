using Lifeboat.Capture.Modules;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Drill.Kernels;

/// <summary>Finds the kernel to rehearse with: the one asked for, this machine's own, or Debian's newest.</summary>
/// <param name="cacheFolder">Where downloaded kernels are kept between drills.</param>
/// <param name="searchPath">Folders of programs, as in PATH.</param>
public sealed class KernelFinder(string cacheFolder, string? searchPath)
{
    /// <summary>What the kernel's configuration must have for a crash of it to be captured.</summary>
    private static readonly (string Option, string Meaning)[] RequiredOptions =
    [
        ("KEXEC", "the kexec_load system call"),
        ("CRASH_DUMP", "running as a capture kernel"),
        ("PROC_VMCORE", "the crashed kernel's memory as /proc/vmcore"),
    ];

    /// <summary>The kernel of a command line: <c>--kernel FILE</c> with or without <c>--modules DIR</c>.</summary>
    /// <exception cref="DiagnosticException">A file is missing, or the kernel lacks what a capture needs.</exception>
    public static KernelTree Explicit(string imagePath, string? modulesFolder)
    {
        string image = Path.GetFullPath(imagePath);
        if (!File.Exists(image))
        {
            throw new DiagnosticException(new Diagnostic(DrillDiagnostics.NoKernel, "there is no such kernel image")
            {
                Where = image,
                Remedy = "Give the path of a bzImage, as /boot/vmlinuz-*, with --kernel",
            });
        }

        string release = ReleaseInName(image);
        string? beside = Path.GetDirectoryName(Path.GetDirectoryName(image));
        string? modules = modulesFolder is null
            ? new[] { $"{beside}/lib/modules/{release}", $"/lib/modules/{release}", TreeAround(image) }.FirstOrDefault(Directory.Exists)
            : Path.GetFullPath(modulesFolder);
        if (modules is null || !Directory.Exists(modules))
        {
            throw new DiagnosticException(new Diagnostic(DrillDiagnostics.NoKernel, "the modules of this kernel are not there")
            {
                Where = modules ?? $"/lib/modules/{release}",
                Remedy = "Give the folder that has the kernel's modules with --modules DIR",
            });
        }

        var tree = new KernelTree
        {
            ImagePath = image,
            ModulesFolder = modules,
            ConfigPath = ConfigBeside(image, modules),
            Origin = "given on the command line",
        };
        RequireFeatures(tree);
        return tree;
    }

    /// <summary>This machine's kernel when it can be used, otherwise Debian's newest, downloaded when it is not in the cache.</summary>
    /// <param name="runningRelease">The release of the running kernel.</param>
    /// <param name="note">Told what is being downloaded and why.</param>
    /// <param name="cancellation">Ends a download.</param>
    /// <exception cref="DiagnosticException">There is no usable kernel and none can be downloaded.</exception>
    public KernelTree Default(string runningRelease, Action<string> note, CancellationToken cancellation)
    {
        string image = $"/boot/vmlinuz-{runningRelease}";
        string modules = $"/lib/modules/{runningRelease}";
        string? config = ConfigBeside(image, modules);
        if (IsReadable(image) && Directory.Exists(modules) && config is not null
            && MissingFeature(KernelConfig.Read(config)) is null)
        {
            return new KernelTree
            {
                ImagePath = image,
                ModulesFolder = modules,
                ConfigPath = config,
                Origin = "this machine's own",
            };
        }

        return new DebianKernelPackage(cacheFolder, searchPath).Get("linux-image-amd64", note, cancellation);
    }

    /// <summary>Refuses a kernel whose configuration lacks what a capture needs; one without a configuration passes.</summary>
    /// <exception cref="DiagnosticException">Something is missing; the diagnostic names it.</exception>
    internal static void RequireFeatures(KernelTree tree)
    {
        if (tree.ConfigPath is null)
        {
            return;
        }

        KernelConfig config = KernelConfig.Read(tree.ConfigPath);
        if (MissingFeature(config) is (string option, string meaning))
        {
            throw new DiagnosticException(
                new Diagnostic(DrillDiagnostics.KernelLacksFeature, $"this kernel cannot do it: it was built without {meaning}")
                {
                    Where = tree.ConfigPath,
                    Found = $"CONFIG_{option} is not set",
                    Expected = $"CONFIG_{option}=y",
                    Remedy = "Use a kernel built with KEXEC, CRASH_DUMP and PROC_VMCORE; Debian's linux-image-amd64 is",
                });
        }
    }

    /// <summary>The kernel in an unpacked package folder.</summary>
    internal static KernelTree? InFolder(string folder, string origin)
    {
        string? image = Enumerate($"{folder}/boot", "vmlinuz-*")
            .Concat(Enumerate($"{folder}/usr/lib/modules", "vmlinuz"))
            .FirstOrDefault();
        string? modules = new[] { $"{folder}/lib/modules", $"{folder}/usr/lib/modules" }
            .Where(Directory.Exists)
            .SelectMany(Directory.EnumerateDirectories)
            .FirstOrDefault();
        return image is null || modules is null ? null : new KernelTree
        {
            ImagePath = image,
            ModulesFolder = modules,
            ConfigPath = ConfigBeside(image, modules),
            Origin = origin,
        };
    }

    /// <summary>The modules' folder that an image lies in: from Debian's 7.x on it is <c>usr/lib/modules/RELEASE/vmlinuz</c>.</summary>
    private static string? TreeAround(string image)
    {
        string? folder = Path.GetDirectoryName(image);
        return Path.GetFileName(image) == "vmlinuz" && Directory.Exists($"{folder}/kernel") ? folder : null;
    }

    private static IEnumerable<string> Enumerate(string folder, string pattern) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories) : [];

    private static string? ConfigBeside(string image, string modules) =>
        new[] { $"{Path.GetDirectoryName(image)}/config-{ReleaseInName(image)}", $"{modules}/config" }.FirstOrDefault(File.Exists);

    private static string ReleaseInName(string image)
    {
        string name = Path.GetFileName(image);
        return name.StartsWith("vmlinuz-", StringComparison.Ordinal)
            ? name["vmlinuz-".Length..]
            : Path.GetFileName(Path.GetDirectoryName(image)) ?? "";
    }

    private static (string Option, string Meaning)? MissingFeature(KernelConfig config)
    {
        foreach ((string option, string meaning) in RequiredOptions)
        {
            if (!config.IsEnabled(option))
            {
                return (option, meaning);
            }
        }

        return null;
    }

    private static bool IsReadable(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
