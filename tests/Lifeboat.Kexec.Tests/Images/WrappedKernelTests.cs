using System.Text;
using Lifeboat.Core;
using Lifeboat.Core.Compression;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Kexec.Images;
using Lifeboat.Kexec.Tests.Support;

namespace Lifeboat.Kexec.Tests.Images;

public sealed class WrappedKernelTests
{
    [Theory]
    [InlineData("gzip")]
    [InlineData("xz")]
    [InlineData("zstd")]
    public void A_compressed_kernel_is_unpacked(string format)
    {
        foreach (byte[] kernel in (byte[][])[BzImageWriter.Write(), ElfWriter.Kernel()])
        {
            KernelFile file = KernelFile.Open(Packed.By(format, kernel, "-c"), "vmlinuz");
            Assert.Equal([format], file.Wrappers);
            Assert.Equal("6.1.0-test", file.Release);
            Assert.True(file.ImageBytes.Span.SequenceEqual(kernel));
        }
    }

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("xz", "xzkern")]
    [InlineData("zstd", "zstd")]
    [InlineData("lzma", "lzma")]
    public void A_zboot_image_is_unpacked(string command, string type)
    {
        byte[] kernel = BzImageWriter.Write();
        KernelFile file = KernelFile.Open(PeWriter.Zboot(type, Packed.By(command, kernel, "-c")), "vmlinuz.efi");
        Assert.Equal(["EFI zboot"], file.Wrappers);
        Assert.Equal("bzImage", file.Image.Format);
        Assert.True(file.ImageBytes.Span.SequenceEqual(kernel));
    }

    [Theory]
    [InlineData("lzo", 0, 0, "compression type at 0x18")]
    [InlineData("lz4", 0, 0, "compression type at 0x18")]
    [InlineData("", 0, 0, "compression type at 0x18")]
    [InlineData("gzip", 8, 0xff, "payload offset at 0x8")]
    [InlineData("gzip", 11, 0xff, "payload offset at 0x8")]
    [InlineData("gzip", 15, 0xff, "payload size at 0xc")]
    [InlineData("zstd", 0, 0, "payload at 0x200")]
    public void A_broken_zboot_image_is_refused_with_the_field(string type, int at, byte value, string where)
    {
        byte[] file = PeWriter.Zboot(type, Packed.Gzip(BzImageWriter.Write()));
        file[at] = at == 0 ? file[0] : value;
        if (at == 8)
        {
            file[9] = 0xff;
        }

        Diagnostic refusal = Refusal(file);
        Assert.Contains(where, refusal.Where, StringComparison.Ordinal);
        Assert.NotNull(refusal.Remedy);
    }

    [Fact]
    public void A_unified_kernel_gives_kernel_ramdisk_and_command_line()
    {
        byte[] kernel = BzImageWriter.Write();
        byte[] ramdisk = TestPlans.Bytes(3001);
        byte[] file = Unified(kernel, (".initrd", ramdisk), (".cmdline", Text(" root=/dev/vda\tquiet\n\0junk")),
            (".osrel", Text("ID=debian\nVERSION_ID=12\n")), (".uname", Text("6.1.0-uki")), (".dtb", [1, 2, 3]));
        KernelFile opened = KernelFile.Open(file, "linux.efi");
        Assert.Equal(["UKI"], opened.Wrappers);
        Assert.Equal("root=/dev/vda quiet", opened.CommandLine);
        Assert.True(opened.Ramdisk.Span.SequenceEqual(ramdisk));
        Assert.Equal("6.1.0-uki", opened.Release);
        Assert.Equal("ID=debian\nVERSION_ID=12\n", opened.OsRelease);
        Assert.Equal(3, opened.DeviceTree.Length);
        Assert.True(opened.ImageBytes.Span.SequenceEqual(kernel));
        Assert.Equal("linux.efi (.linux)", opened.Image.Name);
        Assert.Equal(file, opened.Bytes);
    }

    [Fact]
    public void Microcode_comes_before_the_ramdisk_at_a_multiple_of_four()
    {
        KernelFile opened = KernelFile.Open(
            Unified(BzImageWriter.Write(), (".initrd", [9, 9]), (".ucode", [1, 2, 3, 4, 5])), "linux.efi");
        Assert.Equal([1, 2, 3, 4, 5, 0, 0, 0, 9, 9], opened.Ramdisk.ToArray());
        Assert.Null(opened.CommandLine);
    }

    [Fact]
    public void The_first_profile_overrides_what_stands_before_it()
    {
        KernelFile opened = KernelFile.Open(
            Unified(BzImageWriter.Write(), (".cmdline", Text("base")), (".initrd", [1]),
                (".profile", Text("ID=a")), (".cmdline", Text("first")), (".cmdline", Text("again")),
                (".profile", Text("ID=b")), (".cmdline", Text("second")), (".initrd", [2])), "linux.efi");
        Assert.Equal("first", opened.CommandLine);
        Assert.Equal([1], opened.Ramdisk.ToArray());
    }

    [Fact]
    public void The_kernel_in_a_unified_one_may_be_wrapped_again()
    {
        byte[] file = Packed.Gzip(Unified(PeWriter.Zboot("gzip", Packed.Gzip(ElfWriter.Kernel()))));
        KernelFile opened = KernelFile.Open(file, "x");
        Assert.Equal(["gzip", "UKI", "EFI zboot"], opened.Wrappers);
        Assert.Equal("ELF vmlinux", opened.Image.Format);
    }

    [Fact]
    public void Wrappers_end_somewhere()
    {
        byte[] file = BzImageWriter.Write();
        for (int i = 0; i < 6; i++)
        {
            file = Packed.Gzip(file);
        }

        Assert.Contains("wrappers", Refusal(file).What, StringComparison.Ordinal);
        Assert.Contains("another unified", Refusal(Unified(Unified(BzImageWriter.Write()))).Found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20, "PointerToRawData of .linux")]
    [InlineData(-1, "NumberOfSections at 0x86")]
    [InlineData(-2, "section .linux")]
    public void A_broken_unified_kernel_is_refused_with_the_field(int field, string where)
    {
        byte[] file = Unified(field == -2 ? [] : BzImageWriter.Write());
        if (field == -1)
        {
            file[0x87] = 3;
        }
        else if (field > 0)
        {
            file[PeWriter.SectionTable + 40 + field + 2] = 0xff;
        }

        Assert.Contains(where, Refusal(file).Where, StringComparison.Ordinal);
    }

    public static TheoryData<string, byte[], string> Foreigners() => new()
    {
        { "an EFI program", PeWriter.Write((".text", [1, 2, 3])), "without a .linux section" },
        { "an arm64 kernel", At(0x38, "ARM\x64"u8), "arm64" },
        { "a riscv kernel", At(0x38, "RSC\x05"u8), "riscv" },
        { "a packed ramdisk", Packed.Gzip(At(0, "070701"u8)), "cpio" },
        { "an arm64 kernel in a UKI", Unified(At(0x38, "ARM\x64"u8)), "arm64" },
        { "lz4", At(0, [0x02, 0x21, 0x4c, 0x18]), "lz4" },
        { "a package", At(0, "!<arch>\n"u8), "package" },
        { "a dump", At(0, "KDUMP   "u8), "dump" },
        { "text", Text("#!/bin/sh\n"), "script" },
    };

    [Theory]
    [MemberData(nameof(Foreigners))]
    public void Says_what_a_file_is_that_is_no_kernel(string kind, byte[] file, string found)
    {
        Diagnostic refusal = Refusal(file);
        Assert.Equal(KexecDiagnostics.ImageForeign, refusal.Id);
        Assert.True(refusal.Found!.Contains(found, StringComparison.Ordinal), $"{kind}: {refusal}");
    }

    [Fact]
    public void A_packed_kernel_expands_to_no_more_than_the_limit()
    {
        byte[] file = Packed.Gzip(BzImageWriter.Write());
        Diagnostic refusal = Assert.Throws<DiagnosticException>(
            () => KernelFile.Open(file, "x", new DumpLimits { MaxDecompressedBytes = 5000 })).Diagnostics[0];
        Assert.Contains("at most 5000 bytes", refusal.Expected, StringComparison.Ordinal);
        Assert.Throws<DiagnosticException>(() => KernelFile.Open(file, "x", new DumpLimits { MaxImageBytes = 100 }));
    }

    [Fact]
    public void A_small_file_that_promises_a_large_kernel_gets_no_memory_for_it()
    {
        byte[] bomb = ZstdArchive.Compress(new byte[100 << 20], 1, 20);
        Assert.True(bomb.Length < 32 << 10);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("damaged, or larger", Refusal(bomb).What, StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    private static byte[] Unified(byte[] kernel, params (string Name, byte[] Content)[] others) =>
        PeWriter.Write([(".text", [0xc3]), (".linux", kernel), .. others]);

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] At(int offset, ReadOnlySpan<byte> magic)
    {
        var file = new byte[0x2000];
        magic.CopyTo(file.AsSpan(offset));
        return file;
    }

    private static Diagnostic Refusal(byte[] file) =>
        Assert.Throws<DiagnosticException>(() => KernelFile.Open(file, "x")).Diagnostics[0];
}
