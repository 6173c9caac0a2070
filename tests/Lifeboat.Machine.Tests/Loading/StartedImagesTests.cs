using System.Buffers.Binary;
using System.IO.Compression;
using Lifeboat.Capture.Ramdisk;
using Lifeboat.Core.Compression;
using Lifeboat.Core.Memory;
using Lifeboat.Drill.Guests;
using Lifeboat.Drill.Inside;
using Lifeboat.Drill.Kernels;

namespace Lifeboat.Machine.Tests.Loading;

/// <summary>Images of each kind, started from a running kernel.</summary>
public sealed class StartedImagesTests
{
    private const string ImagePath = "/lib/image";
    private const string ModulePath = "/lib/module";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(240);
    private static readonly string Done = $"{GuestMilestones.Prefix}{GuestMilestones.CommandEnded} 0 0";

    [Fact]
    public void A_vmlinux_that_was_packed_with_gzip_is_started()
    {
        TestKernel kernel = TestMachine.Kernel("6.12");
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(Vmlinux(File.ReadAllBytes(kernel.Image)));
        }

        string console = Start(
            kernel,
            $"boot {ImagePath} --initrd {GuestPlan.RamdiskPath} --now --append second",
            RamdiskFile.FromBytes(ImagePath, packed.ToArray()), RamdiskFile.FromBytes(GuestPlan.RamdiskPath, Second(kernel)));
        Assert.True(console.Contains(Done, StringComparison.Ordinal), console);
        Assert.Equal(3, console.Split("] Linux version ").Length);
    }

    [Fact]
    public void A_unified_image_brings_its_ramdisk_and_command_line()
    {
        TestKernel kernel = TestMachine.Kernel("6.12");
        using var folder = new TemporaryFolder();
        string program = Unify(folder, kernel, Second(kernel), "console=ttyS0 panic=-1 from.the.image");
        string console = Start(kernel, $"boot {ImagePath} --now --append and.more", RamdiskFile.FromHost(ImagePath, program));
        Assert.True(console.Contains(Done, StringComparison.Ordinal), console);
        Assert.Contains("console=ttyS0 panic=-1 from.the.image and.more", console, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_Multiboot_kernel_gets_its_command_line_and_modules(int version)
    {
        // A module's text takes the rest of the words: the guest's commands are parted at spaces.
        string console = Start(
            TestMachine.Kernel("6.1"),
            $"boot {ImagePath} --command-line told.to.the.kernel --module {ModulePath} --now",
            RamdiskFile.FromBytes(ImagePath, version == 1 ? MultibootKernel.Version1() : MultibootKernel.Version2()),
            RamdiskFile.FromBytes(ModulePath, "what the module holds\0"u8.ToArray()));
        Assert.True(console.Contains(MultibootKernel.Greeting, StringComparison.Ordinal), console);
        Assert.Contains($"\ntold.to.the.kernel\n{ModulePath}\nwhat the module holds", console, StringComparison.Ordinal);
    }

    private static byte[] Second(TestKernel kernel) => Ramdisks(kernel).BuildAlone(
        new GuestPlan { Mode = GuestMode.Commands, Commands = "--version" }).Content.ToArray();

    private static GuestRamdisks Ramdisks(TestKernel kernel) => new(TestMachine.Program, new KernelTree
    {
        ImagePath = kernel.Image,
        ModulesFolder = kernel.Modules,
        ConfigPath = kernel.Config,
        Origin = "a test",
    });

    // A guest that runs one command, which starts something else; its whole console.
    private static string Start(TestKernel kernel, string command, params RamdiskFile[] files)
    {
        using var folder = new TemporaryFolder();
        string ramdisk = folder.File("ramdisk");
        File.WriteAllBytes(ramdisk, Ramdisks(kernel).BuildAlone(
            new GuestPlan { Mode = GuestMode.Commands, Commands = command }, files).Content.Span);
        using var guest = GuestMachine.Start(TestMachine.Oracle("qemu-system-x86_64"), new GuestConfiguration
        {
            KernelPath = kernel.Image,
            RamdiskPath = ramdisk,
            CommandLine = "console=ttyS0 panic=-1",
            Memory = ByteCount.FromMiB(1024),
            Cpus = 1,
            Accelerator = Accelerator.Emulation,
        }, TimeProvider.System);
        var lines = new List<string>();
        while (guest.TryReadLine(out ConsoleLine? line, Deadline - guest.Elapsed, TestContext.Current.CancellationToken) && line is not null)
        {
            lines.Add(line.Text);
        }

        return string.Join('\n', lines);
    }

    // The kernel inside a bzImage (payload_offset, payload_length of its header), behind which its length stands.
    private static byte[] Vmlinux(byte[] image)
    {
        int setup = (image[0x1f1] + 1) * 512;
        int start = setup + BinaryPrimitives.ReadInt32LittleEndian(image.AsSpan(0x248));
        int length = BinaryPrimitives.ReadInt32LittleEndian(image.AsSpan(0x24c));
        int unpacked = BinaryPrimitives.ReadInt32LittleEndian(image.AsSpan(start + length - 4));
        byte[] payload = image[start..(start + length - 4)];
        return (payload[0] == 0xfd ? XzArchive.Decompress(payload, unpacked) : ZstdArchive.Decompress(payload, unpacked))!;
    }

    // As distributions make one: a program for EFI with sections added by objcopy.
    private static string Unify(TemporaryFolder folder, TestKernel kernel, byte[] ramdisk, string commandLine)
    {
        string source = folder.File("stub.s");
        File.WriteAllText(source, ".globl _start\n_start: ret\n.section .data\n.quad 0\n");
        File.WriteAllBytes(folder.File("initrd"), ramdisk);
        File.WriteAllText(folder.File("cmdline"), commandLine);
        File.WriteAllText(folder.File("osrelease"), "ID=test\nPRETTY_NAME=Test\n");
        string program = folder.File("unified.efi");
        Run("as", source, "-o", folder.File("stub.o"));
        Run("ld", "-m", "i386pep", "--subsystem", "10", "-e", "_start", folder.File("stub.o"), "-o", folder.File("stub.efi"));
        Run(
            "objcopy",
            "--add-section", $".osrel={folder.File("osrelease")}", "--change-section-vma", ".osrel=0x20000",
            "--add-section", $".cmdline={folder.File("cmdline")}", "--change-section-vma", ".cmdline=0x30000",
            "--add-section", $".initrd={folder.File("initrd")}", "--change-section-vma", ".initrd=0x40000",
            "--add-section", $".linux={kernel.Image}", "--change-section-vma", ".linux=0x3000000",
            folder.File("stub.efi"), program);
        return program;
    }

    private static void Run(string tool, params string[] arguments)
    {
        ProgramResult result = TestMachine.Run(TestMachine.Oracle(tool), arguments);
        Assert.True(result.ExitCode == 0, result.Error);
    }
}
