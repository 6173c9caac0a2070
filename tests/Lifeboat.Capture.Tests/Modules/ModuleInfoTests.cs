using Lifeboat.Capture.Modules;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Tests.Modules;

public sealed class ModuleInfoTests
{
    [Fact]
    public void Reads_dependencies_soft_dependencies_and_aliases()
    {
        ModuleInfo information = ModuleInfo.TryRead(TestElf.Module(
            "license=GPL", "depends=jbd2,mbcache", "softdep=pre: crypto-crc32c post: after", "alias=fs-ext4"))!;
        Assert.Equal(["jbd2", "mbcache"], information.Dependencies);
        Assert.Equal(["crypto-crc32c"], information.SoftBefore);
        Assert.Equal(["after"], information.SoftAfter);
        Assert.Equal(["fs-ext4"], information.Aliases);
    }

    [Fact]
    public void A_file_that_is_no_module_has_no_information()
    {
        Assert.Null(ModuleInfo.TryRead([]));
        Assert.Null(ModuleInfo.TryRead(new byte[4096]));
        Assert.Null(ModuleInfo.TryRead(TestElf.Program(dynamic: false)));
    }

    [Fact]
    public void Damaged_modules_give_something_or_nothing_and_never_throw()
    {
        byte[] original = TestElf.Module("depends=a,b", "softdep=pre: c", "alias=x");
        foreach (byte[] damaged in Mutations.Of(original, 5000, seed: 11))
        {
            ModuleInfo.TryRead(damaged);
            ElfSections.HasInterpreter(damaged);
        }
    }

    [Fact]
    public void Modinfo_says_the_same_of_every_filesystem_module()
    {
        foreach (string package in Oracle.RequireKernels())
        {
            Oracle.Require("modinfo");
            string folder = Directory.GetDirectories(Path.Combine(package, "lib/modules"))[0];
            foreach (string path in Directory.GetFiles(Path.Combine(folder, "kernel/fs"), "*.ko*", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal).Take(25))
            {
                ModuleInfo information = ModuleInfo.TryRead(ModuleFile.Read(path))!;
                string expected = Oracle.Run("modinfo", [], "-F", "depends", path).Trim();
                Assert.Equal(expected, string.Join(',', information.Dependencies));
                string[] aliases = Oracle.Run("modinfo", [], "-F", "alias", path).Split('\n', StringSplitOptions.RemoveEmptyEntries);
                Assert.Equal(aliases, information.Aliases);
            }
        }
    }

    [Theory]
    [InlineData("xz")]
    [InlineData("zstd")]
    [InlineData("gzip")]
    public void Reads_a_module_that_a_tool_has_compressed(string tool)
    {
        using var folder = new TemporaryFolder();
        byte[] module = TestElf.Module("depends=" + string.Concat(Enumerable.Repeat("abcdefgh,", 20_000)));
        string path = folder.Write("m.ko", module);
        Oracle.Run(tool, [], tool == "zstd" ? ["-q", "--rm", path] : [path]);
        string packed = Directory.GetFiles(folder.Path, "m.ko.*").Single();
        Assert.Equal(module, ModuleFile.Read(packed));

        byte[] bytes = File.ReadAllBytes(packed);
        foreach (byte[] damaged in Mutations.Of(bytes, 200, seed: 3))
        {
            File.WriteAllBytes(packed, damaged);
            try
            {
                ModuleFile.Read(packed);
            }
            catch (DiagnosticException error)
            {
                Assert.Equal(CaptureDiagnostics.BadModule, error.Diagnostics[0].Id);
            }
        }
    }
}
