using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Images;
using Lifeboat.Kexec.Tests.Support;

namespace Lifeboat.Kexec.Tests.Images;

public sealed class MultibootImageTests
{
    private static readonly byte[] Relocatable = MultibootWriter.OptionalTag(10, 0x200000, 0xffffffff, 0x200000, 2);

    [Fact]
    public void A_file_that_is_no_ELF_file_is_loaded_where_its_header_says()
    {
        byte[] file = MultibootWriter.Flat();
        KernelImage image = Open(file);
        Assert.Equal("Multiboot", image.Format);
        Assert.Equal(KernelEntry.Multiboot1, image.Entry);
        Assert.Equal(new PhysicalAddress(0x100000), image.PreferredAddress);
        Assert.Equal(new ByteCount(0x100), image.EntryOffset);
        Assert.Equal(new ByteCount(0x2000), image.MemorySize);
        Assert.False(image.IsRelocatable || image.CanBeLoadedAbove4G);
        Assert.Equal(file, Assert.Single(image.Parts).Content.ToArray());
        Assert.Equal(new PhysicalAddress(0xffffffff), image.MaxRamdiskAddress);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_ELF_file_is_loaded_by_its_segments_and_entered_at_a_physical_address(bool wide)
    {
        KernelImage image = Open(MultibootWriter.Elf(MultibootWriter.Header1(3), wide));
        Assert.Equal(new PhysicalAddress(0x100000), image.PreferredAddress);
        Assert.Equal(new ByteCount(0x200), image.EntryOffset);
        Assert.Equal(new ByteCount(0x7000), image.MemorySize);
        Assert.Equal([0UL, 0x1000, 0x2000], image.Parts.Select(part => part.Offset.Value));
    }

    [Fact]
    public void Version_2_is_preferred_to_version_1()
    {
        byte[] header = [.. MultibootWriter.Header1(3), 0, 0, 0, 0, .. MultibootWriter.Header2()];
        Assert.Equal(KernelEntry.Multiboot2, Open(MultibootWriter.Elf(header)).Entry);
        Assert.Equal("Multiboot2", Open(MultibootWriter.Elf(MultibootWriter.Header2(), wide: true)).Format);
    }

    [Fact]
    public void A_kernel_that_may_go_anywhere_is_relocatable()
    {
        KernelImage image = Open(MultibootWriter.Elf(MultibootWriter.Header2(Relocatable)));
        Assert.True(image.IsRelocatable);
        Assert.Equal(ByteCount.FromMiB(2), image.Alignment);
        Assert.Equal(new PhysicalAddress(0x200000), image.PreferredAddress);
        KernelImage bounded = Open(MultibootWriter.Elf(
            MultibootWriter.Header2(MultibootWriter.Tag(10, 0x200000, 0x7fffffff, 0x200000, 0))));
        Assert.False(bounded.IsRelocatable);
        Assert.Equal(new PhysicalAddress(0x100000), bounded.PreferredAddress);
    }

    [Fact]
    public void Addresses_and_entry_stand_in_tags()
    {
        byte[] header = MultibootWriter.Header2(
            MultibootWriter.Tag(2, 0x200010, 0x200000, 0, 0x204000), MultibootWriter.Tag(3, 0x200800));
        byte[] file = TestPlans.Bytes(0x1000);
        header.CopyTo(file, 0x10);
        KernelImage image = Open(file);
        Assert.Equal(new PhysicalAddress(0x200000), image.PreferredAddress);
        Assert.Equal(new ByteCount(0x800), image.EntryOffset);
        Assert.Equal(new ByteCount(0x4000), image.MemorySize);
        Assert.Equal(file, image.Parts[0].Content.ToArray());
    }

    [Fact]
    public void What_may_be_passed_over_is() => Assert.Equal(KernelEntry.Multiboot2, Open(MultibootWriter.Elf(
        MultibootWriter.Header2(MultibootWriter.Tag(1, 1, 6, 15), MultibootWriter.OptionalTag(1, 8, 99),
            MultibootWriter.Tag(4, 2), MultibootWriter.OptionalTag(5, 1024, 768, 32), MultibootWriter.Tag(6),
            MultibootWriter.OptionalTag(7), MultibootWriter.Tag(9, 0x100300), MultibootWriter.OptionalTag(77)))).Entry);

    public static TheoryData<string, byte[], string, string> Refused() => new()
    {
        { "video mode", MultibootWriter.Header1(4), "flags at 0x1014", "a video mode" },
        { "unknown bit", MultibootWriter.Header1(0x20), "flags at 0x1014", "0x20" },
        { "checksum", [.. MultibootWriter.Header1(3)[..8], 1, 2, 3, 4], "checksum at 0x1018", "0x04030201" },
        { "checksum 2", [.. MultibootWriter.Header2()[..12], 1, 2, 3, 4], "checksum at 0x101c", "0x04030201" },
        { "framebuffer", MultibootWriter.Header2(MultibootWriter.Tag(5, 1, 2, 3)), "tag at 0x1020", "framebuffer" },
        { "boot services", MultibootWriter.Header2(MultibootWriter.Tag(7)), "tag at 0x1020", "EFI boot services" },
        { "console", MultibootWriter.Header2(MultibootWriter.Tag(4, 1)), "tag at 0x1020", "console flags" },
        { "unknown tag", MultibootWriter.Header2(MultibootWriter.Tag(77)), "tag at 0x1020", "77 (unknown)" },
        { "wish", MultibootWriter.Header2(MultibootWriter.Tag(1, 1, 9)), "information request at 0x102c", "ELF sections" },
        { "short tag", MultibootWriter.Header2(MultibootWriter.Tag(3)), "size at 0x1024", "8" },
        { "move to", MultibootWriter.Header2(MultibootWriter.Tag(10, 5, 4, 1, 0)), "max_addr at 0x102c", "0x4" },
        { "align", MultibootWriter.Header2(MultibootWriter.Tag(10, 0, 9, 3, 0)), "align at 0x1030", "0x3" },
        { "load", MultibootWriter.Header2(MultibootWriter.Tag(2, 9, 10, 0, 0)), "load_addr at 0x102c", "0xa" },
        { "end", MultibootWriter.Header2(MultibootWriter.Tag(2, 0x100000, 0x100000, 0x900000, 0)), "load_end_addr at 0x1030", "0x900000" },
        { "zeroes", MultibootWriter.Header2(MultibootWriter.Tag(2, 0x100000, 0x100000, 0x100100, 5)), "bss_end_addr at 0x1034", "0x5" },
        { "no entry", MultibootWriter.Header2(MultibootWriter.Tag(2, 0x100000, 0x100000, 0, 0)), "header at 0x1010", "without an entry" },
        { "entry", MultibootWriter.Header2(MultibootWriter.Tag(3, 0x99)), "entry address", "0x99" },
        { "MIPS", Architecture(4), "architecture at 0x1014", "MIPS" },
        { "length", Architecture(0, 0x10000), "header_length at 0x1018", "65536" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Refuses_by_name_what_is_wrong_or_not_done(string kind, byte[] header, string where, string found)
    {
        byte[] file = MultibootWriter.Elf(header);
        Diagnostic refusal = Assert.Throws<DiagnosticException>(() => Open(file)).Diagnostics[0];
        Assert.True(refusal.Where!.StartsWith("xen", StringComparison.Ordinal), kind);
        Assert.Contains(where, refusal.Where, StringComparison.Ordinal);
        Assert.Contains(found, refusal.Found, StringComparison.Ordinal);
        Assert.NotNull(refusal.Expected);
        Assert.NotNull(refusal.Remedy);
    }

    [Fact]
    public void A_header_without_addresses_needs_an_ELF_file()
    {
        byte[] file = TestPlans.Bytes(0x1000);
        MultibootWriter.Header1(3).CopyTo(file, 0x100);
        Diagnostic refusal = Assert.Throws<DiagnosticException>(() => Open(file)).Diagnostics[0];
        Assert.Contains("bit 16", refusal.Expected, StringComparison.Ordinal);
    }

    private static byte[] Architecture(uint architecture, uint length = 16)
    {
        uint[] words = [0xe85250d6, architecture, length, unchecked(0 - 0xe85250d6u - architecture - length)];
        return [.. words.SelectMany(BitConverter.GetBytes)];
    }

    private static KernelImage Open(byte[] file) => KernelFile.Open(file, "xen").Image;
}
