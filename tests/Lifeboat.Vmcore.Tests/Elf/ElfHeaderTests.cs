using FsCheck;
using FsCheck.Fluent;
using Lifeboat.Core.Elf;

namespace Lifeboat.Vmcore.Tests.Elf;

public sealed class ElfHeaderTests
{
    [Fact]
    public void The_header_has_the_bytes_of_elf_h()
    {
        byte[] bytes = new byte[Elf64Header.Size];
        new Elf64Header
        {
            Class = 2,
            Data = 1,
            Type = 4,
            Machine = 62,
            ProgramHeaderOffset = 0x40,
            SectionHeaderOffset = 0x1122,
            Flags = 1,
            ProgramHeaderSize = 56,
            ProgramHeaderCount = 7,
            SectionHeaderSize = 64,
            SectionHeaderCount = 2,
        }.WriteTo(bytes);
        Assert.Equal(
            "7f454c4602010100000000000000000004003e000100000000000000000000004000000000000000"
            + "221100000000000001000000400038000700400002000000",
            Convert.ToHexStringLower(bytes));
    }

    [Fact]
    public void A_program_header_has_the_bytes_of_elf_h()
    {
        byte[] bytes = new byte[Elf64ProgramHeader.Size];
        new Elf64ProgramHeader
        {
            Type = 1,
            Flags = 7,
            Offset = 0x1000,
            VirtualAddress = 0xffff888000000000,
            PhysicalAddress = 0x100000,
            FileSize = 0x2000,
            MemorySize = 0x3000,
            Alignment = 8,
        }.WriteTo(bytes);
        Assert.Equal(
            "01000000070000000010000000000000000000008088ffff00001000000000000020000000000000"
            + "00300000000000000800000000000000",
            Convert.ToHexStringLower(bytes));
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        Prop.ForAll<uint, ulong, ulong>((a, b, c) =>
        {
            byte[] bytes = new byte[Elf64ProgramHeader.Size];
            var header = new Elf64ProgramHeader
            {
                Type = a,
                Flags = a ^ 5,
                Offset = b,
                VirtualAddress = c,
                PhysicalAddress = b ^ c,
                FileSize = c,
                MemorySize = b,
                Alignment = a,
            };
            header.WriteTo(bytes);
            return Elf64ProgramHeader.TryParse(bytes, out Elf64ProgramHeader back) && back == header;
        }).QuickCheckThrowOnFailure();
        Prop.ForAll<ushort, ulong, uint>((a, b, c) =>
        {
            byte[] bytes = new byte[Elf64Header.Size];
            var header = new Elf64Header
            {
                Class = (byte)a,
                Data = (byte)c,
                Type = a,
                Machine = (ushort)c,
                ProgramHeaderOffset = b,
                SectionHeaderOffset = b ^ c,
                Flags = c,
                ProgramHeaderSize = a,
                ProgramHeaderCount = a,
                SectionHeaderSize = a,
                SectionHeaderCount = a,
            };
            header.WriteTo(bytes);
            return Elf64Header.TryParse(bytes, out Elf64Header back) && back == header;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Too_few_bytes_are_no_header()
    {
        Assert.False(Elf64Header.TryParse(new byte[63], out _));
        Assert.False(Elf64ProgramHeader.TryParse(new byte[55], out _));
    }
}
