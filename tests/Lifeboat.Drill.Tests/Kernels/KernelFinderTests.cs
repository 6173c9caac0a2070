using Lifeboat.Core.Diagnostics;
using Lifeboat.Drill.Kernels;
using Lifeboat.TestSupport;

namespace Lifeboat.Drill.Tests.Kernels;

public sealed class KernelFinderTests : IDisposable
{
    private const string Release = "6.1.0-fake-of-a-test";
    private const string GoodConfig = "CONFIG_KEXEC=y\nCONFIG_CRASH_DUMP=y\nCONFIG_PROC_VMCORE=y\n";

    private readonly TemporaryFolder _folder = new();
    private readonly string _image;

    public KernelFinderTests() => _image = _folder.Write($"boot/vmlinuz-{Release}", "");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Modules_and_configuration_are_found_beside_the_image()
    {
        string modules = Modules();
        string config = _folder.Write($"boot/config-{Release}", GoodConfig);
        KernelTree tree = KernelFinder.Explicit(_image, null);
        Assert.Equal((_image, modules, config), (tree.ImagePath, tree.ModulesFolder, tree.ConfigPath));
        Assert.Equal("given on the command line", tree.Origin);
    }

    [Fact]
    public void A_configuration_in_the_modules_folder_is_found_too()
    {
        Modules();
        string config = _folder.Write($"lib/modules/{Release}/config", GoodConfig);
        Assert.Equal(config, KernelFinder.Explicit(_image, null).ConfigPath);
    }

    [Fact]
    public void A_kernel_without_a_configuration_passes()
    {
        Modules();
        Assert.Null(KernelFinder.Explicit(_image, null).ConfigPath);
    }

    [Fact]
    public void The_modules_folder_that_was_given_is_taken()
    {
        string given = Directory.CreateDirectory(_folder.Combine("elsewhere")).FullName;
        Assert.Equal(given, KernelFinder.Explicit(_image, given).ModulesFolder);
    }

    [Fact]
    public void An_image_with_a_name_of_its_own_takes_its_release_from_its_folder()
    {
        string image = _folder.Write($"usr/lib/modules/{Release}/vmlinuz", "");
        KernelTree tree = KernelFinder.Explicit(image, _folder.Combine($"usr/lib/modules/{Release}"));
        Assert.Equal(image, tree.ImagePath);
    }

    [Fact]
    public void An_image_among_its_modules_needs_no_folder_of_modules()
    {
        string image = _folder.Write($"usr/lib/modules/{Release}/vmlinuz", "");
        string config = _folder.Write($"usr/lib/modules/{Release}/config", GoodConfig);
        Assert.Throws<DiagnosticException>(() => KernelFinder.Explicit(image, null));
        _folder.Write($"usr/lib/modules/{Release}/kernel/fs/ext4.ko", "");
        KernelTree tree = KernelFinder.Explicit(image, null);
        Assert.Equal((_folder.Combine($"usr/lib/modules/{Release}"), config), (tree.ModulesFolder, tree.ConfigPath));
    }

    [Theory]
    [InlineData("KEXEC")]
    [InlineData("CRASH_DUMP")]
    [InlineData("PROC_VMCORE")]
    public void A_kernel_built_without_what_a_capture_needs_is_refused(string option)
    {
        Modules();
        string config = _folder.Write(
            $"boot/config-{Release}", GoodConfig.Replace(
                $"CONFIG_{option}=y", $"# CONFIG_{option} is not set", StringComparison.Ordinal));
        Diagnostic diagnostic = Refused(() => KernelFinder.Explicit(_image, null));
        Assert.Equal((DrillDiagnostics.KernelLacksFeature, config), (diagnostic.Id, diagnostic.Where));
        Assert.Equal(($"CONFIG_{option} is not set", $"CONFIG_{option}=y"), (diagnostic.Found, diagnostic.Expected));
    }

    [Fact]
    public void A_missing_image_is_named()
    {
        Diagnostic diagnostic = Refused(() => KernelFinder.Explicit(_folder.Combine("none"), null));
        Assert.Equal((DrillDiagnostics.NoKernel, _folder.Combine("none")), (diagnostic.Id, diagnostic.Where));
    }

    [Fact]
    public void Missing_modules_are_told_with_where_they_should_be()
    {
        Assert.Equal($"/lib/modules/{Release}", Refused(() => KernelFinder.Explicit(_image, null)).Where);
        Assert.Equal("/nonexistent", Refused(() => KernelFinder.Explicit(_image, "/nonexistent")).Where);
    }

    [Fact]
    public void An_unpacked_package_has_its_kernel_in_one_of_two_places()
    {
        Assert.Null(KernelFinder.InFolder(_folder.Path, "package"));
        string modules = Modules();
        KernelTree? tree = KernelFinder.InFolder(_folder.Path, "package");
        Assert.Equal((_image, modules, "package"), (tree?.ImagePath, tree?.ModulesFolder, tree?.Origin));

        using var merged = new TemporaryFolder();
        string image = merged.Write($"usr/lib/modules/{Release}/vmlinuz", "");
        tree = KernelFinder.InFolder(merged.Path, "package");
        Assert.Equal((image, merged.Combine($"usr/lib/modules/{Release}")), (tree?.ImagePath, tree?.ModulesFolder));
        Assert.Null(KernelFinder.InFolder("/nonexistent", "package"));
    }

    [Fact]
    public void Without_apt_the_default_kernel_says_what_to_install()
    {
        var finder = new KernelFinder(_folder.Path, searchPath: "/nonexistent");
        Diagnostic diagnostic = Refused(() => finder.Default(Release, _ => { }, CancellationToken.None));
        Assert.Equal(DrillDiagnostics.ToolMissing, diagnostic.Id);
    }

    private string Modules() => Directory.CreateDirectory(_folder.Combine("lib/modules", Release)).FullName;

    private static Diagnostic Refused(Func<KernelTree> find) =>
        Assert.Single(Assert.Throws<DiagnosticException>(find).Diagnostics);
}
