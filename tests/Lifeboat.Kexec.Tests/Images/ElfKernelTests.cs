using System.Buffers.Binary;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Images;
using Lifeboat.Kexec.Tests.Support;

namespace Lifeboat.Kexec.Tests.Images;

public sealed class ElfKernelTests
{
    [Fact]
    public void Reads_a_kernel_as_it_was_linked()
    {
        byte[] file = ElfWriter.Kernel();
        KernelFile opened = KernelFile.Open(file, "vmlinux");
        KernelImage image = opened.Image;
        Assert.Equal("ELF vmlinux", image.Format);
        Assert.Equal(KernelEntry.Linux64, image.Entry);
        Assert.Equal(ByteCount.Zero, image.EntryOffset);
        Assert.Equal(new PhysicalAddress(0x1000000), image.PreferredAddress);
        Assert.Equal(ByteCount.FromMiB(2), image.Alignment);
        Assert.True(image.IsRelocatable && image.CanBeLoadedAbove4G && image.SupportsFiveLevelPaging);
        Assert.Equal(2047, image.MaxCommandLineLength);
        Assert.Equal("6.1.0-test (builder@host) #1 SMP PREEMPT_DYNAMIC", image.KernelVersion);
        Assert.Equal("6.1.0-test", opened.Release);
        Assert.True(image.SetupHeaderBytes.IsEmpty);
        Assert.Empty(opened.Wrappers);
        Assert.Equal(opened.Bytes, opened.ImageBytes);
    }

    [Fact]
    public void The_memory_it_needs_ends_where_its_last_segment_does()
    {
        KernelImage image = KernelFile.Open(ElfWriter.Kernel(), "vmlinux").Image;
        Assert.Equal(new ByteCount(0x502000), image.MemorySize);
        Assert.Equal([0UL, 0x200000, 0x201000, 0x202000], image.Parts.Select(part => part.Offset.Value));
        Assert.Equal(new ByteCount(0x300000), image.Parts[3].MemorySize);
        Assert.Equal(0x2000, image.Parts[3].Content.Length);
    }

    [Fact]
    public void Contents_are_referred_to_not_copied()
    {
        byte[] file = ElfWriter.Kernel();
        KernelImage image = KernelFile.Open(file, "vmlinux").Image;
        Assert.Equal(file.AsMemory(0x1000, 0x1800), image.Parts[0].Content);
        Assert.Equal(file.AsMemory(0x6000, 0x2000), image.Parts[3].Content);
    }

    public static TheoryData<string, int, ulong, int, string> BrokenFields() => new()
    {
        { "class", 4, 7, 1, "EI_CLASS at 0x4" },
        { "byte order", 5, 2, 1, "EI_DATA at 0x5" },
        { "object", 0x10, 1, 2, "e_type at 0x10" },
        { "shared", 0x10, 3, 2, "e_type at 0x10" },
        { "core", 0x10, 4, 2, "e_type at 0x10" },
        { "machine", 0x12, 183, 2, "e_machine at 0x12" },
        { "entry", 0x18, 0x5000000, 8, "e_entry at 0x18" },
        { "entry in zeroes", 0x18, 0x1300000, 8, "e_entry at 0x18" },
        { "table", 0x20, ulong.MaxValue, 8, "e_phoff at 0x20" },
        { "header size", 0x36, 32, 2, "e_phentsize at 0x36" },
        { "no headers", 0x38, 0, 2, "e_phnum at 0x38" },
        { "many headers", 0x38, 0xffff, 2, "e_phoff at 0x20" },
        { "offset", 0x40 + 8, ulong.MaxValue, 8, "p_offset at 0x48" },
        { "file size", 0x40 + 32, ulong.MaxValue, 8, "p_filesz at 0x60" },
        { "address", 0x40 + 24, ulong.MaxValue - 5, 8, "p_paddr at 0x58" },
        { "unaligned", 0x40 + 24, 0xff0000, 8, "p_vaddr at 0x50" },
        { "a program", 0x40 + 16, 0x1000000, 8, "p_vaddr at 0x50" },
        { "overlap", 0x40 + 40, 0x300000, 8, "program header at 0x78" },
        { "huge", 0xe8 + 40, 1UL << 31, 8, "p_memsz at 0x110" },
    };

    [Theory]
    [MemberData(nameof(BrokenFields))]
    public void Names_the_field_that_is_wrong(string kind, int at, ulong value, int size, string where)
    {
        byte[] file = ElfWriter.Kernel();
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        bytes.AsSpan(0, size).CopyTo(file.AsSpan(at));
        DiagnosticException refusal = Assert.Throws<DiagnosticException>(() => KernelFile.Open(file, "/boot/vmlinux"));
        Assert.Contains(where, refusal.Diagnostics[0].Where, StringComparison.Ordinal);
        Assert.StartsWith("/boot/vmlinux", refusal.Diagnostics[0].Where, StringComparison.Ordinal);
        Assert.True(refusal.Diagnostics[0] is { Found: not null, Expected: not null, Remedy: not null }, kind);
    }

    [Fact]
    public void A_kernel_linked_to_an_odd_address_is_refused()
    {
        byte[] file = ElfWriter.Kernel();
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(0x50), ElfWriter.KernelMap + 0xff0000);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(0x58), 0xff0000);
        DiagnosticException refusal = Assert.Throws<DiagnosticException>(() => KernelFile.Open(file, "vmlinux"));
        Assert.Contains("p_paddr at 0x58", refusal.Diagnostics[0].Where, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kernel_module_is_named()
    {
        byte[] file = new ElfWriter { Type = 1, Segments = [] }.Write();
        Diagnostic refusal = Assert.Throws<DiagnosticException>(() => KernelFile.Open(file, "ext4.ko")).Diagnostics[0];
        Assert.Contains("kernel module", refusal.Found, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_is_no_kernel()
    {
        DiagnosticException refusal = Assert.Throws<DiagnosticException>(
            () => KernelFile.Open(File.ReadAllBytes("/proc/self/exe"), "dotnet"));
        Assert.Equal(KexecDiagnostics.ImageForeign, refusal.Diagnostics[0].Id);
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        byte[] file = ElfWriter.Kernel();
        for (int length = 0; length < file.Length; length += length < 0x200 ? 1 : 97)
        {
            Assert.Throws<DiagnosticException>(() => KernelFile.Open(file.AsMemory(0, length), "vmlinux"));
        }
    }
}
