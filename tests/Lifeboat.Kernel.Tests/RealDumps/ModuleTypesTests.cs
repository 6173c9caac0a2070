using Lifeboat.Kernel.Modules;
using Lifeboat.Kernel.Objects;
using Lifeboat.Symbols.Types;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Kernel.Tests.RealDumps;

/// <summary>Types of modules, out of dumps of Debian's kernels.</summary>
public sealed class ModuleTypesTests : IDisposable
{
    private const string Objcopy = "/usr/bin/objcopy";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Modules_have_types_that_build_on_the_kernel_s()
    {
        foreach (string path in Dumps())
        {
            using var dump = CrashDump.Open(path);
            CrashedKernel kernel = dump.Kernel;
            bool hasNone = !kernel.Types.TryFind("struct btf_module", out _);
            Assert.All(kernel.Modules, module => Assert.Equal(hasNone, module.Types is null));
            Assert.NotEqual(hasNone, kernel.TryFindType("struct ext4_sb_info", out KernelType? type));
            Assert.False(kernel.TryFindType("struct no_such_type", out _));
            if (type is null)
            {
                continue;
            }

            Assert.False(kernel.Types.TryFind("struct ext4_sb_info", out _));
            Assert.True(type.TryFindMember("s_es", out KernelMember? member));
            Assert.Equal("struct ext4_super_block *", member.Type.Name);
            Assert.True(kernel.TryFindType("struct ext4_inode_info", out type));
            Assert.True(type.TryFindMember("vfs_inode", out member));
            Assert.Equal(kernel.Type("struct inode").Size, member.Type.Size);
            Assert.True(member.Type.TryFindMember("i_sb.s_fs_info", out _) || member.Type.TryFindMember("i_sb", out _));
            Assert.True(kernel.TryFindFunction("ext4_sync_fs", out KernelType? function));
            Assert.Equal("int ext4_sync_fs(struct super_block *sb, int wait)", function.Declare("ext4_sync_fs"));
        }
    }

    [Fact]
    public void They_are_those_of_the_module_s_file()
    {
        Tools.Require(Objcopy);
        string? kernels = Environment.GetEnvironmentVariable("LIFEBOAT_TEST_KERNELS");
        int compared = 0;
        foreach (string path in Dumps())
        {
            using var dump = CrashDump.Open(path);
            string? file = Files(kernels, dump.Kernel.Dump.Vmcoreinfo.OsRelease!);
            KernelModule? module = dump.Kernel.Modules.FirstOrDefault(module => module.Name == "ext4");
            if (file is null || module?.Types is not { } types)
            {
                continue;
            }

            string section = _folder.File("btf");
            _ = Tools.Run(Objcopy, "-O", "binary", "--only-section=.BTF", "--set-section-flags", ".BTF=alloc", file, section);
            Assert.True(dump.Kernel.Symbols.TryFindAddress("__start_BTF", out var start));
            Assert.True(dump.Kernel.Symbols.TryFindAddress("__stop_BTF", out var stop));
            byte[] bytes = new byte[stop.Value - start.Value];
            Assert.Equal(bytes.Length, dump.Kernel.Space.Read(start, bytes, out _));
            var theirs = Btf.Parse(File.ReadAllBytes(section), Btf.Parse(bytes));
            Assert.Equal(new KernelTypes(theirs).Names, types.Names);
            Assert.All(types.Names.Distinct().Where(name => types.TryFind($"struct {name}", out _)), name => Assert.Equal(
                new KernelTypes(theirs)[$"struct {name}"].Declaration, types[$"struct {name}"].Declaration));
            compared++;
        }

        Assert.SkipWhen(compared == 0, "LIFEBOAT_TEST_KERNELS has no module ext4 of a dump's kernel that is not compressed");
    }

    private static string? Files(string? kernels, string release)
    {
        string file = $"{kernels}/linux-image-{release}/lib/modules/{release}/kernel/fs/ext4/ext4.ko";
        return File.Exists(file) ? file : null;
    }

    private static IReadOnlyList<string> Dumps()
    {
        IReadOnlyList<string> dumps = TestDumps.Find(".elf");
        Assert.SkipWhen(dumps.Count == 0, "LIFEBOAT_TEST_DUMPS names no folder with dumps");
        return dumps;
    }
}
