using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Elf;
using Lifeboat.Kexec.Machine;
using Lifeboat.Kexec.Tests.Support;
using static Lifeboat.Kexec.Tests.Support.TestPlans;

namespace Lifeboat.Kexec.Tests.Elf;

public sealed class ElfCoreHeaderTests
{
    private const ulong MiB = 1 << 20;

    [Fact]
    public void The_header_is_byte_for_byte_an_ELF_core_file()
    {
        byte[] bytes = new ElfCoreHeader
        {
            CpuNotes = [Range(0x7fc15000, 0x7fc15170)],
            Ram = [Range(0x1000, 0x80000000)],
            Excluded = [Range(0x77000000, 0x80000000)],
        }.ToBytes();
        Assert.Equal(
            "7F454C46020101000000000000000000" + "04003E0001000000" + "0000000000000000" + "4000000000000000"
            + "0000000000000000" + "00000000" + "4000" + "3800" + "0200" + "000000000000"
            + "0400000000000000" + "0050C17F00000000" + "0000000000000000" + "0050C17F00000000"
            + "7001000000000000" + "7001000000000000" + "0000000000000000"
            + "0100000007000000" + "0000100000000000" + "0000000000000000" + "0000100000000000"
            + "0000F07600000000" + "0000F07600000000" + "0000000000000000",
            Convert.ToHexString(bytes));
    }

    [Fact]
    public void Reads_back_in_readelf_as_it_was_meant()
    {
        var header = new ElfCoreHeader
        {
            CpuNotes = [Range(0x7fc15000, 0x7fc15170), Range(0x7fc15200, 0x7fc15370)],
            Vmcoreinfo = Range(0x7fb0a000, 0x7fb0a400),
            Ram = [Range(0x100000, 0x7ffda000), Range(0x1_0000_0000, 0x1_4000_0000)],
            Excluded = [Range(0x77000000, 0x7f000000)],
            Layout = new VirtualLayout
            {
                DirectMap = new VirtualAddress(MachineTree.DirectMap),
                KernelText = Range(0x16000000, 0x19000000),
                KernelTextStart = new VirtualAddress(MachineTree.KernelText),
            },
        };
        string[] expected =
        [
            "NOTE 7fc15000 0 7fc15000 170", "NOTE 7fc15200 0 7fc15200 170", "NOTE 7fb0a000 0 7fb0a000 400",
            "LOAD 16000000 ffffffff95000000 16000000 3000000",
            "LOAD 100000 ffff8a0000100000 100000 76f00000",
            "LOAD 7f000000 ffff8a007f000000 7f000000 fda000",
            "LOAD 100000000 ffff8a0100000000 100000000 40000000",
        ];
        Assert.Equal(expected, Readelf(header.ToBytes()));
    }

    [Fact]
    public void Exactly_the_RAM_outside_the_reservations_and_the_first_MiB_is_described_once()
    {
        Gen<PhysicalRange> range = Gen.Choose(0, 63).SelectMany(_ => Gen.Choose(0, 24),
            (start, length) => Range((ulong)start * (MiB / 4), (ulong)(start + length) * (MiB / 4)));
        Arbitrary<(PhysicalRange[], PhysicalRange[])> sets = range.ArrayOf()
            .SelectMany(_ => range.ArrayOf(), (ram, excluded) => (ram, excluded)).ToArbitrary();
        Prop.ForAll(sets, set =>
        {
            (PhysicalRange[] ram, PhysicalRange[] excluded) = set;
            IReadOnlyList<PhysicalRange> dumped =
                new ElfCoreHeader { CpuNotes = [], Ram = ram, Excluded = excluded }.DumpedRam;
            Assert.Equal(dumped.OrderBy(part => part.Start), dumped);
            for (ulong address = 0; address < 24 * MiB; address += MiB / 8)
            {
                var at = new PhysicalAddress(address);
                bool wanted = address >= MiB && ram.Any(part => part.Contains(at)) && !excluded.Any(part => part.Contains(at));
                Assert.Equal(wanted ? 1 : 0, dumped.Count(part => part.Contains(at)));
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void More_parts_than_an_ELF_header_counts_are_refused() =>
        Assert.Throws<DiagnosticException>(() => new ElfCoreHeader
        {
            CpuNotes = [.. Enumerable.Repeat(Range(0x1000, 0x2000), ushort.MaxValue)],
            Ram = [],
            Excluded = [],
        }.ToBytes());

    private static string[] Readelf(byte[] header)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, header);
            return
            [
                .. Tool.Run("readelf", "-lW", file).Split('\n')
                    .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    .Where(words => words is ["NOTE" or "LOAD", _, _, _, _, ..])
                    .Select(words => string.Join(' ', words.Take(5).Select(Short))),
            ];
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string Short(string word) => word.StartsWith("0x", StringComparison.Ordinal)
        ? $"{ulong.Parse(word.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture):x}"
        : word;
}
