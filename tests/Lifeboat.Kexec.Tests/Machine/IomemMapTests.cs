using FsCheck;
using FsCheck.Fluent;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Machine;
using Lifeboat.Kexec.Tests.Support;

namespace Lifeboat.Kexec.Tests.Machine;

public sealed class IomemMapTests
{
    [Fact]
    public void Ends_are_inclusive_in_the_file_and_depth_is_its_indentation()
    {
        IomemMap map = IomemMap.Parse("00000000-00000fff : Reserved\n  00000800-00000fff : deep : er\n");
        Assert.Equal(new IomemEntry(TestPlans.Range(0, 0x1000), 0, "Reserved"), map.Entries[0]);
        Assert.Equal(new IomemEntry(TestPlans.Range(0x800, 0x1000), 1, "deep : er"), map.Entries[1]);
    }

    [Fact]
    public void Any_ranges_read_back_from_the_kernel_s_format()
    {
        Prop.ForAll<(uint, ushort)[]>(items =>
        {
            if (items.Length == 0)
            {
                return;
            }

            string text = string.Concat(items.Select((item, i) =>
                $"{new string(' ', i % 3 * 2)}{0x10000 + (ulong)item.Item1:x8}-{0x10000 + (ulong)item.Item1 + item.Item2:x8} : n{i}\n"));
            Assert.Equal(
                items.Select((item, i) => new IomemEntry(
                    PhysicalRange.FromLength(new PhysicalAddress(0x10000UL + item.Item1), new ByteCount(item.Item2 + 1UL)), i % 3, $"n{i}")),
                IomemMap.Parse(text).Entries);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Hidden_addresses_are_recognised_and_told()
    {
        DiagnosticException refusal = Assert.Throws<DiagnosticException>(() => IomemMap.Parse(
            "00000000-00000000 : Reserved\n00000000-00000000 : System RAM\n  00000000-00000000 : Kernel code\n"));
        Assert.Equal(KexecDiagnostics.AddressesHidden, refusal.Diagnostics[0].Id);
        Assert.Contains("root", refusal.Diagnostics[0].Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("nonsense")]
    [InlineData("1000-fff : backwards")]
    [InlineData("1000-ffffffffffffffff : to the end of everything")]
    [InlineData("10000000000000000-10000000000000001 : too long")]
    [InlineData("-1000 : no start")]
    [InlineData("1000 : no end - at all")]
    public void Refuses_what_is_no_memory_map(string text) =>
        Assert.Equal(KexecDiagnostics.MachineFileMalformed,
            Assert.Throws<DiagnosticException>(() => IomemMap.Parse(text)).Diagnostics[0].Id);

    [Fact]
    public void Mutated_files_are_read_or_refused_and_nothing_else()
    {
        var random = new Random(7);
        for (int run = 0; run < 5000; run++)
        {
            char[] text = MachineTree.Iomem.ToCharArray();
            for (int change = 0; change < 3; change++)
            {
                text[random.Next(text.Length)] = (char)random.Next(32, 127);
            }

            try
            {
                _ = IomemMap.Parse(new string(text));
            }
            catch (DiagnosticException)
            {
            }
        }
    }
}
