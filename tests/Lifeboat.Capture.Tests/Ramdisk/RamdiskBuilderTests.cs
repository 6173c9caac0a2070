using System.Text;
using Lifeboat.Capture.Modules;
using Lifeboat.Capture.Ramdisk;
using Lifeboat.Capture.Tests.Modules;
using Lifeboat.Core.Archives;
using Lifeboat.Core.Compression;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Tests.Ramdisk;

public sealed class RamdiskBuilderTests
{
    [Fact]
    public void Puts_program_modules_nodes_and_files_where_the_layout_says()
    {
        using var folder = new TemporaryFolder();
        RamdiskImage image = RamdiskBuilder.Build(Request(folder) with { KernelConfig = KernelConfig.Parse("CONFIG_BLK_DEV_INITRD=y") });
        Assert.Equal(RamdiskCompression.None, image.Compression);
        Dictionary<string, CpioEntry> entries = CpioReader.Read(image.Content).ToDictionary(entry => entry.Name);
        Assert.Equal(TestElf.Program(dynamic: false), entries["init"].Content.ToArray());
        Assert.Equal("/lib/modules/base.ko\n/lib/modules/top.ko\n", Encoding.UTF8.GetString(entries["etc/lifeboat/modules"].Content.Span));
        Assert.Equal("settings", Encoding.UTF8.GetString(entries["etc/lifeboat/lifeboat.conf"].Content.Span));
        Assert.Equal((5, 1), (entries["dev/console"].NodeMajor, entries["dev/console"].NodeMinor));
        Assert.Equal((1, 3), (entries["dev/null"].NodeMajor, entries["dev/null"].NodeMinor));
        Assert.True(entries["deep/er"].IsDirectory);
        Assert.Equal(["base", "top"], image.Modules.Select(module => module.Name.Value));
        Assert.Equal(image.Entries.Count, entries.Count);
        var seen = new HashSet<string> { "" };
        foreach (CpioEntry entry in CpioReader.Read(image.Content))
        {
            Assert.Contains(Path.GetDirectoryName(entry.Name)!, seen);
            seen.Add(entry.Name);
        }
    }

    [Fact]
    public void What_drivers_load_into_their_cards_comes_along_as_this_machine_has_it()
    {
        using var folder = new TemporaryFolder();
        folder.Write("6.1.0/kernel/card.ko", TestElf.Module(
            "firmware=card/a.bin", "firmware=card/b.bin", "firmware=card/gone.bin", "firmware=../../etc/passwd", "firmware=card/*.txt", "firmware=/etc/passwd"));
        folder.Write("root/lib/firmware/card/a.bin", "old");
        folder.Write("root/lib/firmware/updates/card/a.bin.zst", "new");
        folder.Write("root/lib/firmware/card/b.bin", "b");
        folder.Write("root/lib/firmware/card/unwanted.bin", "c");
        folder.Write("root/etc/passwd", "secret");
        RamdiskImage image = RamdiskBuilder.Build(new RamdiskRequest
        {
            InitProgram = folder.Write("program", TestElf.Program(dynamic: false)),
            ModuleTree = ModuleTree.Open(Path.Combine(folder.Path, "6.1.0")),
            Modules = ["card"],
            MachineRoot = Path.Combine(folder.Path, "root"),
            KernelConfig = KernelConfig.Parse("CONFIG_BLK_DEV_INITRD=y"),
        });
        Dictionary<string, string> files = CpioReader.Read(image.Content).Where(static entry => entry.IsFile && entry.Name.StartsWith("lib/firmware", StringComparison.Ordinal))
            .ToDictionary(static entry => entry.Name, static entry => Encoding.UTF8.GetString(entry.Content.Span));
        Assert.Equal(new() { ["lib/firmware/updates/card/a.bin.zst"] = "new", ["lib/firmware/card/b.bin"] = "b" }, files);
    }

    [Fact]
    public void Modules_are_listed_with_the_parameters_that_this_machine_and_the_settings_give_them()
    {
        using var folder = new TemporaryFolder();
        folder.Write("root/etc/modprobe.d/ext.conf", "options top debug=1 \"name=a b\"\n");
        RamdiskImage image = RamdiskBuilder.Build(Request(folder) with { MachineRoot = Path.Combine(folder.Path, "root"), ModuleOptions = ["top level=2"] });
        RamdiskModule listed = Assert.Single(RamdiskContents.Read(image.Content, "capture.img").Modules, static module => module.Parameters.Length > 0);
        Assert.Equal(new RamdiskModule("/lib/modules/top.ko", "debug=1 \"name=a b\" level=2"), listed);
    }

    [Theory]
    [InlineData(null, RamdiskCompression.Gzip)]
    [InlineData("CONFIG_BLK_DEV_INITRD=y\nCONFIG_RD_GZIP=y\nCONFIG_RD_ZSTD=y", RamdiskCompression.Zstd)]
    [InlineData("CONFIG_BLK_DEV_INITRD=y\nCONFIG_RD_GZIP=y", RamdiskCompression.Gzip)]
    public void Takes_the_compression_that_the_kernel_unpacks_and_gives_the_same_bytes_again(
        string? config, RamdiskCompression expected)
    {
        using var folder = new TemporaryFolder();
        RamdiskRequest request = Request(folder) with { KernelConfig = config is null ? null : KernelConfig.Parse(config) };
        RamdiskImage image = RamdiskBuilder.Build(request);
        Assert.Equal(expected, image.Compression);
        Assert.Equal(image.Content.ToArray(), RamdiskBuilder.Build(request).Content.ToArray());
        string unpacked = folder.Write("packed", image.Content.ToArray());
        string list = Oracle.Run("sh", [], "-c", $"{(expected == RamdiskCompression.Zstd ? "zstd" : "gzip")} -dc < '{unpacked}' | cpio -t --quiet");
        Assert.Contains("init\n", list, StringComparison.Ordinal);
    }

    [Fact]
    public void A_zstd_ramdisk_asks_for_a_window_of_one_MiB_at_most()
    {
        byte[] noise = new byte[3 << 20];
        new Random(5).NextBytes(noise);
        byte[] packed = ZstdArchive.Compress(noise, 15, 20);
        using var folder = new TemporaryFolder();
        string path = folder.Write("noise.zst", packed);
        Assert.Contains("Window Size: 1.000 MiB (1048576 B)", Oracle.Run("zstd", [], "-lv", path), StringComparison.Ordinal);
        Assert.Equal(noise, ZstdArchive.Decompress(packed, noise.Length));
        Assert.Null(ZstdArchive.Decompress(packed, noise.Length - 1));
    }

    [Fact]
    public void A_program_that_needs_shared_libraries_cannot_be_init()
    {
        using var folder = new TemporaryFolder();
        RamdiskRequest request = Request(folder) with { InitProgram = folder.Write("dynamic", TestElf.Program(dynamic: true)) };
        Diagnostic diagnostic = Assert.Throws<DiagnosticException>(() => RamdiskBuilder.Build(request)).Diagnostics[0];
        Assert.Equal(CaptureDiagnostics.BadInitProgram, diagnostic.Id);
    }

    [Fact]
    public void A_kernel_without_ramdisks_is_told_so()
    {
        using var folder = new TemporaryFolder();
        RamdiskRequest request = Request(folder) with { KernelConfig = KernelConfig.Parse("CONFIG_X=y") };
        Diagnostic diagnostic = Assert.Throws<DiagnosticException>(() => RamdiskBuilder.Build(request)).Diagnostics[0];
        Assert.Equal(CaptureDiagnostics.NoRamdiskSupport, diagnostic.Id);
    }

    [Fact]
    public void Two_files_of_one_path_are_the_caller_s_error()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<ArgumentException>(() => RamdiskBuilder.Build(
            Request(folder) with { Files = [RamdiskFile.FromBytes(RamdiskLayout.Init, default)] }));
    }

    [Fact]
    public void Where_lib_is_a_link_modules_and_libraries_lie_behind_it_once()
    {
        using var folder = new TemporaryFolder();
        RamdiskImage image = RamdiskBuilder.Build(Request(folder) with
        {
            KernelConfig = KernelConfig.Parse("CONFIG_BLK_DEV_INITRD=y"),
            Files =
            [
                RamdiskFile.FromLink("/lib", "usr/lib"),
                RamdiskFile.FromLink("/usr/sbin/thin_check", "pdata_tools"),
                RamdiskFile.FromBytes("/usr/sbin/pdata_tools", new byte[] { 7 }),
                RamdiskFile.FromBytes("/usr/lib/a.so", new byte[] { 1 }),
                RamdiskFile.FromBytes("/lib/a.so", new byte[] { 2 }),
                RamdiskFile.FromBytes("/lib/deep/b.so", new byte[] { 3 }),
            ],
        });
        var contents = RamdiskContents.Read(image.Content, "x");
        Assert.NotEmpty(contents.Modules);
        Assert.All(contents.Modules, static module => Assert.StartsWith("/usr/lib/modules/", module.Path, StringComparison.Ordinal));
        Assert.All(contents.Modules, module => Assert.NotNull(contents.Find(module.Path)));
        Assert.Equal([1], contents.Find("/lib/a.so")!.Content.ToArray());
        Assert.Equal([3], contents.Find("/lib/deep/b.so")!.Content.ToArray());
        Assert.Equal([7], contents.Find("/usr/sbin/thin_check")!.Content.ToArray());
        Assert.Null(contents.Find("/lib/c.so"));
        var names = contents.Entries.Select(static entry => entry.Name).ToList();
        Assert.Equal(names.Distinct(StringComparer.Ordinal), names);
        Assert.Contains("usr/lib/deep", names);
        Assert.All(names, name => Assert.True(
            !name.Contains('/') || names.IndexOf(Path.GetDirectoryName(name)!) is >= 0 and int folderAt && folderAt < names.IndexOf(name), name));
        Assert.True(Assert.Single(contents.Entries, static entry => entry.Name == "lib").IsSymbolicLink);
    }

    [Fact]
    public void A_link_that_leads_to_itself_is_no_file()
    {
        using var folder = new TemporaryFolder();
        RamdiskImage image = RamdiskBuilder.Build(Request(folder) with
        {
            KernelConfig = KernelConfig.Parse("CONFIG_BLK_DEV_INITRD=y"),
            Files = [RamdiskFile.FromLink("/usr/a", "b"), RamdiskFile.FromLink("/usr/b", "a"), RamdiskFile.FromLink("/usr/c", "c/d")],
        });
        var contents = RamdiskContents.Read(image.Content, "x");
        Assert.Null(contents.Find("/usr/a"));
        Assert.Null(contents.Find("/usr/c/e"));
    }

    [Theory]
    [InlineData("relative")]
    [InlineData("/")]
    [InlineData("/a/../b")]
    [InlineData("/a/")]
    public void Refuses_a_path_that_is_no_file_s(string path) =>
        Assert.Throws<ArgumentException>(() => RamdiskFile.FromBytes(path, default));

    [Fact]
    public void Real_kernels_give_a_ramdisk_within_the_budget()
    {
        foreach (string package in Oracle.RequireKernels())
        {
            using var folder = new TemporaryFolder();
            string tree = Directory.GetDirectories(Path.Combine(package, "lib/modules"))[0];
            KernelConfig config = KernelConfig.Read(Directory.GetFiles(Path.Combine(package, "boot"), "config-*")[0]);
            RamdiskImage image = RamdiskBuilder.Build(new RamdiskRequest
            {
                InitProgram = folder.Write("program", TestElf.Program(dynamic: false)),
                ModuleTree = ModuleTree.Open(tree),
                Modules = [.. TargetModules.VirtioDisk, .. TargetModules.ForFileSystem("ext4")],
                KernelConfig = config,
            });
            Assert.Equal(RamdiskCompression.Zstd, image.Compression);
            Assert.Contains(image.Modules, module => module.Name.Value == "ext4");
            Assert.Contains(image.Modules, module => module.Name.Value == "crc32c_generic");

            // 5 MB in all, of which the program takes at most 4.
            Assert.InRange(image.Content.Length, 1, 1 << 20);
        }
    }

    private static RamdiskRequest Request(TemporaryFolder folder)
    {
        folder.Write("tree/kernel/top.ko", TestElf.Module("depends=base"));
        folder.Write("tree/kernel/base.ko", TestElf.Module("depends="));
        return new RamdiskRequest
        {
            InitProgram = folder.Write("program", TestElf.Program(dynamic: false)),
            ModuleTree = ModuleTree.Open(folder.Combine("tree")),
            Modules = ["top"],
            Files =
            [
                RamdiskFile.FromBytes(RamdiskLayout.Settings, "settings"u8.ToArray()),
                RamdiskFile.FromHost("/deep/er/file", folder.Write("source", "from here")),
            ],
        };
    }
}
