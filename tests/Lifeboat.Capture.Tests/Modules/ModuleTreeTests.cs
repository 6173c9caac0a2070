using System.Text;
using Lifeboat.Capture.Modules;
using Lifeboat.Capture.Ramdisk;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Tests.Modules;

public sealed class ModuleTreeTests
{
    [Fact]
    public void Without_depmod_the_modules_themselves_say_what_they_need()
    {
        using var folder = new TemporaryFolder();
        WriteExt4(folder);
        ModuleTree tree = ModuleTree.Open(folder.Path);
        Assert.False(tree.HasDependencyIndex);
        Assert.Equal(
            ["crc32c_generic", "crc32c_intel", "jbd2", "mbcache", "ext4", "after"],
            tree.Resolve(["ext4"]).LoadOrder.Select(module => module.Name.Value));
    }

    [Fact]
    public void With_depmod_its_indexes_give_the_same_set()
    {
        using var folder = new TemporaryFolder();
        WriteExt4(folder);
        string[] plain = Names(ModuleTree.Open(folder.Path).Resolve(["ext4"]));
        folder.Write(
            "modules.dep",
            "kernel/ext4.ko: kernel/mbcache.ko kernel/jbd2.ko\nkernel/jbd2.ko:\nkernel/mbcache.ko:\n"
            + "kernel/crc32c_generic.ko:\nkernel/crc32c-intel.ko:\nkernel/after.ko:\n");
        folder.Write("modules.softdep", "# comment\nsoftdep ext4 pre: crypto-crc32c post: after\nsoftdep jbd2 pre: crypto-crc32c\n");
        folder.Write("modules.alias", "alias pci:v* thing\nalias crypto-crc32c crc32c_generic\nalias crypto-crc32c crc32c_intel\n");
        ModuleTree tree = ModuleTree.Open(folder.Path);
        Assert.True(tree.HasDependencyIndex);
        Assert.Equal(plain.Order(), Names(tree.Resolve(["ext4"])).Order());
    }

    [Fact]
    public void Dash_and_underscore_are_the_same_and_updates_win()
    {
        using var folder = new TemporaryFolder();
        folder.Write("kernel/drivers/virtio-blk.ko", TestElf.Module("depends="));
        string newer = folder.Write("updates/virtio_blk.ko", TestElf.Module("depends="));
        ModuleTree tree = ModuleTree.Open(folder.Path);
        Assert.True(tree.TryFind(new ModuleName("virtio-blk"), out KernelModule? module));
        Assert.Equal(newer, module!.Path);
        Assert.Equal(new ModuleName("virtio_blk"), module.Name);
    }

    [Fact]
    public void What_is_built_in_needs_no_file()
    {
        using var folder = new TemporaryFolder();
        folder.Write("modules.builtin", "kernel/drivers/virtio/virtio_pci.ko\n");
        ModuleClosure closure = ModuleTree.Open(folder.Path).Resolve(["virtio-pci"]);
        Assert.Empty(closure.LoadOrder);
        Assert.Equal([new ModuleName("virtio_pci")], closure.BuiltIn);
    }

    [Fact]
    public void A_missing_module_is_named_with_where_it_was_looked_for()
    {
        using var folder = new TemporaryFolder();
        folder.Write("kernel/a.ko", TestElf.Module("depends=gone"));
        Diagnostic direct = Assert.Throws<DiagnosticException>(
            () => ModuleTree.Open(folder.Path).Resolve(["absent"])).Diagnostics[0];
        Assert.Equal(CaptureDiagnostics.ModuleMissing, direct.Id);
        Assert.Contains("absent", direct.What, StringComparison.Ordinal);
        Assert.Equal(folder.Path, direct.Where);
        Assert.NotNull(direct.Remedy);
        Diagnostic indirect = Assert.Throws<DiagnosticException>(
            () => ModuleTree.Open(folder.Path).Resolve(["a"])).Diagnostics[0];
        Assert.Contains("gone, which a depends on,", indirect.What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_soft_dependency_is_a_notice_unless_it_is_built_in()
    {
        using var folder = new TemporaryFolder();
        folder.Write("kernel/a.ko", TestElf.Module("softdep=pre: nowhere crypto-sha"));
        folder.Write("modules.builtin.modinfo", Encoding.UTF8.GetBytes("sha256.license=GPL\0sha256.alias=crypto-sha\0"));
        Diagnostic notice = Assert.Single(ModuleTree.Open(folder.Path).Resolve(["a"]).Notices);
        Assert.Equal(CaptureDiagnostics.SoftDependencyMissing, notice.Id);
        Assert.Contains("nowhere", notice.What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_circle_of_dependencies_is_found_and_a_soft_one_is_no_error()
    {
        using var folder = new TemporaryFolder();
        folder.Write("kernel/a.ko", TestElf.Module("depends=b"));
        folder.Write("kernel/b.ko", TestElf.Module("depends=a"));
        folder.Write("kernel/c.ko", TestElf.Module("softdep=pre: d"));
        folder.Write("kernel/d.ko", TestElf.Module("depends=c"));
        ModuleTree tree = ModuleTree.Open(folder.Path);
        Assert.Equal(
            CaptureDiagnostics.ModuleCycle,
            Assert.Throws<DiagnosticException>(() => tree.Resolve(["a"])).Diagnostics[0].Id);
        Assert.Equal(["c"], Names(tree.Resolve(["c"])));
        Assert.Equal(["c", "d"], Names(tree.Resolve(["d"])));
    }

    [Fact]
    public void A_chain_deeper_than_the_stack_should_bear_is_refused()
    {
        using var folder = new TemporaryFolder();
        for (int index = 0; index < 200; index++)
        {
            folder.Write($"kernel/m{index}.ko", TestElf.Module($"depends=m{index + 1}"));
        }

        Assert.Throws<DiagnosticException>(() => ModuleTree.Open(folder.Path).Resolve(["m0"]));
    }

    [Fact]
    public void A_folder_that_is_no_tree_of_modules_is_refused()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<DiagnosticException>(() => ModuleTree.Open(folder.Combine("absent")));
        Assert.Throws<DiagnosticException>(() => ModuleTree.Open(folder.Path));
    }

    [Fact]
    public void Damaged_indexes_end_in_a_diagnostic_or_an_answer()
    {
        using var folder = new TemporaryFolder();
        WriteExt4(folder);
        byte[] dependencies = Encoding.UTF8.GetBytes(
            "kernel/ext4.ko: kernel/mbcache.ko kernel/jbd2.ko\nkernel/jbd2.ko:\nkernel/mbcache.ko:\n");
        byte[] soft = Encoding.UTF8.GetBytes("softdep ext4 pre: crypto-crc32c post: after\n");
        byte[] aliases = Encoding.UTF8.GetBytes("alias crypto-crc32c crc32c_generic\n");
        using IEnumerator<byte[]> softCopies = Mutations.Of(soft, 300, seed: 2).GetEnumerator();
        using IEnumerator<byte[]> aliasCopies = Mutations.Of(aliases, 300, seed: 3).GetEnumerator();
        foreach (byte[] damaged in Mutations.Of(dependencies, 300, seed: 1))
        {
            softCopies.MoveNext();
            aliasCopies.MoveNext();
            folder.Write("modules.dep", damaged);
            folder.Write("modules.softdep", softCopies.Current);
            folder.Write("modules.alias", aliasCopies.Current);
            folder.Write("modules.builtin", damaged);
            try
            {
                ModuleTree.Open(folder.Path).Resolve(["ext4"]);
            }
            catch (DiagnosticException)
            {
                // It says what is wrong; that is all that is asked.
            }
        }
    }

    [Fact]
    public void Depmod_and_modprobe_agree_about_real_kernels()
    {
        foreach (string package in Oracle.RequireKernels())
        {
            Oracle.Require("depmod");
            string original = Directory.GetDirectories(Path.Combine(package, "lib/modules"))[0];
            string release = Path.GetFileName(original);
            using var folder = new TemporaryFolder();
            string copy = folder.Combine("lib/modules", release);
            Directory.CreateDirectory(copy);
            foreach (string file in Directory.GetFiles(original, "modules.*"))
            {
                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            }

            // Only what the targets can need: depmod over a whole kernel takes half a minute.
            string[] wanted = [.. TargetModules.VirtioDisk, .. TargetModules.FileSystems.SelectMany(TargetModules.ForFileSystem).Distinct()];
            ModuleClosure ours = ModuleTree.Open(original).Resolve(wanted);
            foreach (KernelModule module in ours.LoadOrder)
            {
                string target = Path.Combine(copy, Path.GetRelativePath(original, module.Path));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(module.Path, target);
            }

            Oracle.Run("depmod", [], "-b", folder.Path, release);
            ModuleTree indexed = ModuleTree.Open(copy);
            Assert.True(indexed.HasDependencyIndex);
            Assert.Equal(Names(ours).Order(), Names(indexed.Resolve(wanted)).Order());
            foreach (string name in wanted.Where(name => ours.LoadOrder.Any(module => module.Name.Value == name)))
            {
                string answer = Oracle.Run("modprobe", [], "-d", folder.Path, "-S", release, "--show-depends", name);
                string[] modprobe = [.. answer.Split('\n').Where(line => line.StartsWith("insmod", StringComparison.Ordinal))
                    .Select(line => Path.GetFileName(line.Split(' ')[1]).Split('.')[0].Replace('-', '_')).Distinct()];
                string[] resolved = Names(ModuleTree.Open(original).Resolve([name]));
                if (name == "btrfs")
                {
                    // modprobe goes by the first of several lines of soft dependencies only, depmod writes them all.
                    Assert.Subset(new HashSet<string>(resolved), new HashSet<string>(modprobe));
                    continue;
                }

                Assert.Equal(modprobe.Order(), resolved.Order());
            }
        }
    }

    private static string[] Names(ModuleClosure closure) => [.. closure.LoadOrder.Select(module => module.Name.Value)];

    private static void WriteExt4(TemporaryFolder folder)
    {
        folder.Write("kernel/ext4.ko", TestElf.Module("depends=jbd2,mbcache", "softdep=pre: crypto-crc32c post: after"));
        folder.Write("kernel/jbd2.ko", TestElf.Module("depends=", "softdep=pre: crypto-crc32c"));
        folder.Write("kernel/mbcache.ko", TestElf.Module("depends="));
        folder.Write("kernel/crc32c_generic.ko", TestElf.Module("depends=", "alias=crypto-crc32c"));
        folder.Write("kernel/crc32c-intel.ko", TestElf.Module("depends=", "alias=crypto-crc32c"));
        folder.Write("kernel/libcrc32c.ko", TestElf.Module("depends="));
        folder.Write("kernel/after.ko", TestElf.Module("depends="));
    }
}
