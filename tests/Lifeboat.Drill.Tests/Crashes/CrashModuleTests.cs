using System.Buffers.Binary;
using System.Text;
using Lifeboat.Capture.Modules;
using Lifeboat.Drill.Crashes;

namespace Lifeboat.Drill.Tests.Crashes;

public sealed class CrashModuleTests
{
    private static readonly string[] Functions = [CrashCode.Null, CrashCode.Wild, CrashCode.Bug, CrashCode.Divide, CrashCode.Lock];

    [Theory]
    [InlineData(12)]
    [InlineData(16)]
    public void Every_module_has_what_a_kernel_looks_for(int bugSize)
    {
        foreach (string function in Functions)
        {
            byte[] file = CrashModule.Build(Template(bugSize), function);
            Assert.True(ElfSections.TryFind(file, ".gnu.linkonce.this_module"u8, out ReadOnlySpan<byte> module));
            Assert.Equal(256, module.Length);
            Assert.Equal("lifeboat_crash\0", Encoding.ASCII.GetString(module.Slice(24, 15)));
            Assert.True(ElfSections.TryFind(file, ".modinfo"u8, out ReadOnlySpan<byte> information));
            Assert.Contains("vermagic=6.1 SMP\0", Encoding.ASCII.GetString(information), StringComparison.Ordinal);
            Assert.True(ElfSections.TryFind(file, ".text"u8, out ReadOnlySpan<byte> text));
            Assert.True(text[16..].SequenceEqual(CrashCode.Of(function)));
            Assert.Equal(function == CrashCode.Bug, ElfSections.TryFind(file, "__bug_table"u8, out ReadOnlySpan<byte> bugs));
            Assert.Equal(function == CrashCode.Bug ? bugSize : 0, bugs.Length);
        }
    }

    [Fact]
    public void What_a_module_was_made_of_can_be_read_from_it_again()
    {
        byte[] file = CrashModule.Build(Template(16), CrashCode.Bug);
        Assert.True(ModuleTemplate.TryRead(file, CrashModule.Name, out ModuleTemplate? read));
        Assert.Equal((256, 24, 128, "vermagic=6.1 SMP"), (read.ModuleSize, read.NameOffset, read.InitOffset, read.VersionMagic));
        Assert.Equal(Template(16).OrcEntry, read.OrcEntry);
    }

    [Fact]
    public void A_file_that_is_damaged_is_no_template_and_no_error()
    {
        byte[] whole = CrashModule.Build(Template(16), CrashCode.Bug);
        for (int seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            byte[] file = [.. whole[..random.Next(64, whole.Length + 1)]];
            for (int change = 0; change < 6; change++)
            {
                file[random.Next(file.Length)] = (byte)random.Next(256);
            }

            if (ModuleTemplate.TryRead(file, CrashModule.Name, out ModuleTemplate? template))
            {
                Assert.NotEmpty(CrashModule.Build(template, CrashCode.Null));
            }
        }
    }

    [Fact]
    public void Debian_s_own_modules_are_templates()
    {
        string? kernels = Environment.GetEnvironmentVariable("LIFEBOAT_TEST_KERNELS");
        Assert.SkipUnless(Directory.Exists(kernels), "LIFEBOAT_TEST_KERNELS is not set");
        foreach (string path in Directory.EnumerateFiles(kernels!, "ext4.ko*", SearchOption.AllDirectories))
        {
            Assert.True(ModuleTemplate.TryRead(ModuleFile.Read(path), "ext4", out ModuleTemplate? template), path);
            Assert.Equal(24, template.NameOffset);
            Assert.Contains(" SMP ", template.VersionMagic, StringComparison.Ordinal);
            Assert.Equal(8, BinaryPrimitives.ReadInt16LittleEndian(template.OrcEntry));
        }
    }

    private static ModuleTemplate Template(int bugSize) => new()
    {
        ModuleSize = 256,
        NameOffset = 24,
        InitOffset = 128,
        VersionMagic = "vermagic=6.1 SMP",
        Versions = [],
        OrcEntry = [8, 0, 0, 0, 5, 2],
        BugSize = bugSize,
        BugAddend = 0,
    };
}
