using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Kdump;
using Lifeboat.Vmcore.Paging;
using Lifeboat.Vmcore.Tests.TestSupport;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Tests.Qemu;

/// <summary>Dumps of a live arm64 guest with pages of 4 KiB, which QEMU wrote.</summary>
public sealed class Arm64DumpTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_compressed_dump_has_blocks_of_64_KiB_and_is_the_same_memory()
    {
        using var elf = DumpSource.Open(TestDumps.RequireArm64("elf"));
        using var kdump = DumpSource.Open(TestDumps.RequireArm64("kdump"));
        Assert.Equal(65536, Assert.IsType<KdumpDumpSource>(kdump).Layout.Header.BlockSize);
        Assert.Equal(4096, kdump.Vmcoreinfo.PageSize);
        Assert.Equal(elf.RamRanges, kdump.RamRanges);
        Assert.Equal(elf.EndPfn, kdump.EndPfn);

        // The two were written one after the other while the guest ran: most pages did not change between.
        (byte[] a, byte[] b) = (new byte[4096], new byte[4096]);
        int same = 0;
        for (ulong pfn = elf.RamRanges[0].Start.Pfn.Value; pfn < elf.EndPfn.Value; pfn++)
        {
            Assert.Equal(4096, elf.Read(new Pfn(pfn).Address, a, out _));
            Assert.Equal(4096, kdump.Read(new Pfn(pfn).Address, b, out _));
            same += a.AsSpan().SequenceEqual(b) ? 1 : 0;
        }

        Assert.InRange(same, 65_000, 65_536);
    }

    [Fact]
    public void The_linear_map_is_where_the_page_tables_have_it()
    {
        using var dump = DumpSource.Open(TestDumps.RequireArm64("elf"));
        var space = AddressSpace.OpenKernel(dump);
        Assert.Equal(4, space.Levels);
        ulong map = Arm64PageTables.FindLinearMap(dump.Vmcoreinfo)!.Value;
        var address = new PhysicalAddress(0x4800_0000);
        Assert.True(space.TryTranslate(new(unchecked(map + address.Value)), out PhysicalAddress found, out _, out _));
        Assert.Equal(address, found);
    }

    [Fact]
    public void Its_pages_are_told_apart_and_drgn_reads_what_is_written()
    {
        Tools.Require(Tools.Drgn);
        string original = TestDumps.RequireArm64("elf");
        using var source = DumpSource.Open(original);
        string elf = _folder.File("elf");
        DumpWriteResult result = ElfFileWriter.Write(source, elf, new DumpWriteOptions());
        Assert.Empty(result.Notices);
        Assert.InRange(result.Pages.Free, 40_000UL, 60_000UL);
        Assert.InRange(result.Pages.Cache, 100UL, 10_000UL);
        Assert.InRange(result.Pages.User, 1UL, 10_000UL);
        string kdump = _folder.File("kdump");
        KdumpFileWriter.Write(source, kdump, new DumpWriteOptions());
        using (var written = DumpSource.Open(kdump))
        using (var again = DumpSource.Open(elf))
        {
            Assert.Equal("aarch64", written.HeaderUtsName?.Machine);
            Assert.Equal(result.Pages.Kept + result.Pages.Zero, DumpComparison.SamePages(written, again, sameStates: false));
        }

        Assert.Equal(
            result.Pages.Kept, Tools.CompareWithDrgn(elf, original, source.EndPfn.Value, skipZeros: true));

        // By the kernel's own address, which the segments of the image give.
        Assert.True(source.Vmcoreinfo.TryGetSymbol("init_uts_ns", out VirtualAddress name));
        string text = Tools.Run(
            "/usr/bin/python3",
            "-c",
            "import sys; from drgn import Program; p = Program(); p.set_core_dump(sys.argv[1]); "
                + "print(b'aarch64' in p.read(int(sys.argv[2]), 512))",
            elf,
            $"{name.Value}");
        Assert.Equal("True", text.Trim());
    }
}
