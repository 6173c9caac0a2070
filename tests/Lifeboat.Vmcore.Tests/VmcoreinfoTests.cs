using System.Text;
using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Tests;

public sealed class VmcoreinfoTests
{
    private static readonly Vmcoreinfo Info = Vmcoreinfo.Parse(Encoding.ASCII.GetBytes(
        "OSRELEASE=6.1.0\nPAGESIZE=4096\nSYMBOL(prb)=ffffffffa50643e0\nNUMBER(phys_base)=-291504128\n"
        + "NUMBER(VMALLOC_START)=0xff4fb85f40000000\nOFFSET(page.flags)=0\nSIZE(page)=64\nLENGTH(x)=3\n"
        + "KERNELOFFSET=22600000\nnonsense\n=\nSIZE(bad)=-1\nSIZE(page)=65\0SIZE(page)=66\n"));

    [Fact]
    public void Reads_every_kind_of_key()
    {
        Assert.Equal("6.1.0", Info.OsRelease);
        Assert.Equal(4096, Info.PageSize);
        Assert.True(Info.TryGetSymbol("prb", out VirtualAddress prb));
        Assert.Equal(new VirtualAddress(0xffff_ffff_a506_43e0), prb);
        Assert.True(Info.TryGetNumber("phys_base", out long physBase));
        Assert.Equal(-291504128, physBase);
        Assert.True(Info.TryGetNumber("VMALLOC_START", out long start));
        Assert.Equal(unchecked((long)0xff4f_b85f_4000_0000), start);
        Assert.True(Info.TryGetOffset("page.flags", out int offset));
        Assert.Equal(0, offset);
        Assert.True(Info.TryGetLength("x", out int length));
        Assert.Equal(3, length);
        Assert.Equal(new ByteCount(0x22600000), Info.KernelOffset);
    }

    [Fact]
    public void The_last_line_of_a_key_wins_and_padding_ends_the_text()
    {
        Assert.True(Info.TryGetSize("page", out int size));
        Assert.Equal(65, size);
    }

    [Fact]
    public void A_key_that_is_missing_or_absurd_is_no_key()
    {
        Assert.False(Info.TryGetSize("bad", out _));
        Assert.False(Info.TryGetSymbol("nothing", out _));
        Assert.True(Vmcoreinfo.Empty.IsEmpty);
        Assert.Equal(4096, Vmcoreinfo.Parse("PAGESIZE=5000\n"u8).PageSize);
    }
}
