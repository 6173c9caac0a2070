using System.Buffers.Binary;
using System.Text;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Boot;
using Lifeboat.Kexec.Images;
using Lifeboat.Kexec.Machine;
using Lifeboat.Kexec.Planning;
using Lifeboat.Kexec.Tests.Support;
using Lifeboat.Kexec.Tests.Support.Unicorn;
using static Lifeboat.Kexec.Tests.Support.TestPlans;

namespace Lifeboat.Kexec.Tests.Planning;

/// <summary>What the next kernel is told.</summary>
public sealed class HandOverTests
{
    [Fact]
    public void EFI_s_runtime_services_are_handed_on_with_the_addresses_they_have_now()
    {
        using MachineTree tree = EfiMachine();
        MachineDescription machine = MachineDescription.ReadLive(tree.Root);
        Assert.NotNull(machine.Efi);
        LoadSegment boot = Boot(RebootLoadPlanner.Plan(RebootRequest() with { Machine = machine }));
        ReadOnlySpan<byte> page = boot.Content.Span;
        Assert.Equal("EL64", Encoding.ASCII.GetString(page.Slice(0x1c0, 4)));
        Assert.Equal(40u, U32(page, 0x1c8));
        Assert.Equal(1u, U32(page, 0x1cc));
        Assert.Equal(80u, U32(page, 0x1d4));
        Assert.Equal(2, page[0x1ec]);
        int map = (int)(U32(page, 0x1d0) + ((ulong)U32(page, 0x1dc) << 32) - boot.Range.Start.Value);
        Assert.Equal("05000000000000000050ED7E000000000050EDFEFFFFFFFF05000000000000000F00000000000080",
            Convert.ToHexString(page.Slice(map, 40)));
        Assert.Equal(0x7ef00000UL, BinaryPrimitives.ReadUInt64LittleEndian(page[(map + 48)..]));
        Assert.Equal(page.Length, map + 80);

        int item = (int)(BinaryPrimitives.ReadUInt64LittleEndian(page[0x250..]) - boot.Range.Start.Value);
        Assert.Equal((4u, 96u), (U32(page, item + 8), U32(page, item + 12)));
        Assert.Equal([0xfffffffefeed1000, 0xfffffffefeed2000, 0x7f9ee018UL, 0x7f9ca000UL, 0UL],
            Enumerable.Range(0, 5).Select(i => BinaryPrimitives.ReadUInt64LittleEndian(boot.Content.Span[(item + 16 + (i * 8))..])));
    }

    [Fact]
    public void EFI_is_left_out_on_request_and_when_something_of_it_is_not_shown()
    {
        using MachineTree tree = EfiMachine();
        LoadSegment without = Boot(RebootLoadPlanner.Plan(RebootRequest() with
        {
            Machine = MachineDescription.ReadLive(tree.Root),
            HandOver = new HandOverOptions { WithoutEfi = true },
        }));
        Assert.All(without.Content.Slice(0x1c0, 32).ToArray(), value => Assert.Equal(0, value));
        Assert.Equal(0x7f9ca014UL, BinaryPrimitives.ReadUInt64LittleEndian(without.Content.Span[0x70..]));
        tree.Delete("sys/firmware/efi/runtime");
        Assert.Equal(default, MachineDescription.ReadLive(tree.Root).Efi!.Runtime);
        tree.Delete("sys/firmware/efi/runtime-map/1/virt_addr");
        Assert.Null(MachineDescription.ReadLive(tree.Root).Efi);
    }

    [Fact]
    public void What_the_BIOS_said_of_disks_is_handed_on()
    {
        byte[] running = Bytes(4096);
        LoadSegment boot = Boot(RebootLoadPlanner.Plan(RebootRequest() with
        {
            Machine = MachineTree.Machine() with { BootParameters = running },
        }));
        ReadOnlySpan<byte> page = boot.Content.Span;
        Assert.Equal(running[0x1e9..0x1eb], page[0x1e9..0x1eb].ToArray());
        Assert.Equal(running[0x290..0x2d0], page[0x290..0x2d0].ToArray());
        Assert.Equal(running[0xd00..0xeec], page[0xd00..0xeec].ToArray());
        Assert.Equal(running[0x23c..0x240], page[0x23c..0x240].ToArray());
    }

    [Fact]
    public void A_kernel_of_an_older_protocol_gets_the_ACPI_root_pointer_on_its_command_line()
    {
        MachineDescription machine = MachineTree.Machine() with { AcpiRsdp = new PhysicalAddress(0x7ffe0014) };
        RebootLoadRequest older = RebootRequest(BzImageWriter.GoodHeader with { Version = 0x020d }) with { Machine = machine };
        Assert.Equal("console=ttyS0 acpi_rsdp=0x7ffe0014", RebootLoadPlanner.Plan(older).CommandLine);
        Assert.Equal("console=ttyS0", RebootLoadPlanner.Plan(RebootRequest() with { Machine = machine }).CommandLine);
        Assert.Equal("console=ttyS0", RebootLoadPlanner.Plan(older with
        {
            Machine = machine with { AcpiRsdp = new PhysicalAddress(0xf5a20) },
        }).CommandLine);
    }

    [Fact]
    public void A_vmlinux_gets_a_setup_header_and_a_segment_a_part()
    {
        LoadPlan plan = RebootLoadPlanner.Plan(RebootRequest() with { Kernel = KernelFile.Open(ElfWriter.Kernel(), "vmlinux-test") });
        KernelImage image = KernelFile.Open(ElfWriter.Kernel(), "vmlinux").Image;
        Assert.Equal(image.Parts.Count, plan.Segments.Count(segment => segment.Name.StartsWith("kernel", StringComparison.Ordinal)));
        Assert.Equal(image.PreferredAddress, plan.Segments[0].Range.Start);
        ReadOnlySpan<byte> page = Boot(plan).Content.Span;
        Assert.Equal("HdrS", Encoding.ASCII.GetString(page.Slice(0x202, 4)));
        Assert.Equal(0xff, page[0x210]);
        Assert.Equal(1, page[0x211]);
    }

    [Fact]
    public void The_capture_kernel_s_memory_may_go_on_the_command_line()
    {
        CrashLoadRequest request = Request();
        LoadPlan plan = CrashLoadPlanner.Plan(request with { HandOver = new HandOverOptions { MemoryMapOnCommandLine = true } });
        Assert.Equal(
            "console=ttyS0 nokaslr memmap=exactmap memmap=4K$0K memmap=635K@4K memmap=1K$639K memmap=64K$960K "
            + "memmap=131068K@1949696K memmap=132K$2097000K memmap=16K#2097132K memmap=4K#2097148K memmap=1K$4173824K "
            + "elfcorehdr=0x7efff000",
            plan.CommandLine);
        Assert.Contains(new E820Entry(Range(0x100000, 0x7ffda000), E820Type.Ram), plan.MemoryMap);
    }

    [Fact]
    public void Crash_memory_in_CMA_is_the_capture_kernel_s_and_not_in_the_dump()
    {
        using var tree = new MachineTree();
        tree.Write("sys/kernel/kexec/crash_cma_ranges", "40000000-4fffffff\n");
        LoadPlan plan = CrashLoadPlanner.Plan(Request() with { Machine = MachineDescription.ReadLive(tree.Root) });
        Assert.Contains(new E820Entry(Range(0x40000000, 0x50000000), E820Type.Ram), plan.MemoryMap);
        Assert.DoesNotContain(plan.DumpedRam, range => range.Overlaps(Range(0x40000000, 0x50000000)));
        tree.Delete("sys/kernel/kexec/crash_cma_ranges");
        tree.Write("proc/cmdline", "crashkernel=128M crashkernel=1G,cma\n");
        Assert.Contains(
            CrashLoadPlanner.Plan(Request() with { Machine = MachineDescription.ReadLive(tree.Root) }).Notices,
            notice => notice.Where == "/sys/kernel/kexec/crash_cma_ranges");
    }

    [Fact]
    public void A_header_that_the_kernel_keeps_up_to_date_has_room_and_is_not_checked()
    {
        using var tree = new MachineTree();
        Assert.Throws<DiagnosticException>(() => CrashLoadPlanner.Plan(Request() with { Hotplug = true }));
        tree.Write("sys/kernel/crash_elfcorehdr_size", "40000\n");
        LoadPlan plan = CrashLoadPlanner.Plan(
            Request() with { Hotplug = true, Machine = MachineDescription.ReadLive(tree.Root) });
        LoadSegment header = plan.Segments.Single(segment => segment.Name == "ELF core header");
        Assert.Equal(new ByteCount(0xa000), header.Range.Length);
        Assert.True(plan.Flags.HasFlag(KexecLoadFlags.UpdateElfCoreHeader));
        Assert.DoesNotContain(plan.MemoryMap, entry => entry.Type == E820Type.Ram && entry.Range.Overlaps(header.Range));
        Assert.SkipUnless(UnicornLibrary.IsPresent, "libunicorn2 is not installed");
        using PurgatoryMachine machine = PurgatoryMachine.Loaded(plan, new PurgatoryMachine(plan.Reservation));
        machine.FlipBit(header.Range.Start, 3);
        Assert.True(machine.Run(plan.EntryPoint, plan.Segments[0].Range.Start + new ByteCount(BzImage.Entry64Offset)));
    }

    [Theory]
    [InlineData(1, 0x2badb002u)]
    [InlineData(2, 0x36d76289u)]
    public void A_Multiboot_kernel_is_entered_with_its_modules_in_its_information(int version, uint magic)
    {
        byte[] kernel = MultibootWriter.Elf(version == 1 ? MultibootWriter.Header1(3) : MultibootWriter.Header2());
        RebootLoadRequest request = RebootRequest() with
        {
            Kernel = KernelFile.Open(kernel, "multiboot-test"),
            Ramdisk = default,
            Modules = [new BootModule("dom0 quiet", Bytes(5000)), new BootModule("initrd", Bytes(300))],
        };
        LoadPlan plan = RebootLoadPlanner.Plan(request);
        LoadSegment information = plan.Segments.Single(segment => segment.Name == "Multiboot information");
        LoadSegment module = plan.Segments.Single(segment => segment.Name == "module 1");
        Assert.Equal(Bytes(5000), module.Content.ToArray());
        Assert.True(information.Content.Span.IndexOf(BitConverter.GetBytes((uint)module.Range.Start.Value)) > 0);
        Assert.True(information.Content.Span.IndexOf("dom0 quiet\0"u8) > 0);
        Assert.Equal(KexecDiagnostics.ImageUnsuitable, Assert.Throws<DiagnosticException>(
            () => RebootLoadPlanner.Plan(request with { Ramdisk = Bytes(1) })).Diagnostics[0].Id);
        Assert.Equal(KexecDiagnostics.ImageUnsuitable, Assert.Throws<DiagnosticException>(
            () => RebootLoadPlanner.Plan(request with { Kernel = Kernel() })).Diagnostics[0].Id);

        RequireEntry(plan, new PhysicalAddress(0x100200), machine =>
        {
            Assert.Equal(magic, machine[X86Register.Rax]);
            Assert.Equal(information.Range.Start.Value, machine[X86Register.Rbx]);
        });
    }

    [Fact]
    public void A_bzImage_is_entered_in_32_bit_mode_on_request()
    {
        LoadPlan plan = RebootLoadPlanner.Plan(RebootRequest() with { Entry32Bit = true });
        RequireEntry(plan, plan.Segments[0].Range.Start, machine =>
            Assert.Equal(Boot(plan).Range.Start.Value, machine[X86Register.Rsi]));
        Assert.All(plan.Segments, segment => Assert.True(segment.Range.End.Value <= 1UL << 32));
    }

    private static void RequireEntry(LoadPlan plan, PhysicalAddress entry, Action<PurgatoryMachine> check)
    {
        Assert.SkipUnless(UnicornLibrary.IsPresent, "libunicorn2 is not installed");
        using var machine = new PurgatoryMachine(plan.Segments[0].Range);
        foreach (LoadSegment segment in plan.Segments.Skip(1))
        {
            machine.AddMemory(segment.Range);
        }

        PurgatoryMachine.Loaded(plan, machine).MapOneToOne(new PhysicalAddress(0xe0000000));
        Assert.True(machine.Run(plan.EntryPoint, entry), machine.Console);
        Assert.Equal(0UL, machine[X86Register.Cr0] >> 31);
        check(machine);
    }

    private static LoadSegment Boot(LoadPlan plan) => plan.Segments.Single(segment => segment.Name == "boot parameters");

    private static uint U32(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);

    private static MachineTree EfiMachine()
    {
        var tree = new MachineTree();
        var running = new byte[4096];
        "EL64"u8.CopyTo(running.AsSpan(0x1c0));
        BinaryPrimitives.WriteUInt32LittleEndian(running.AsSpan(0x1c8), 48);
        BinaryPrimitives.WriteUInt32LittleEndian(running.AsSpan(0x1cc), 1);
        BinaryPrimitives.WriteUInt32LittleEndian(running.AsSpan(0x1d4), 480);
        running[0x1ec] = 2;
        tree.Write("sys/kernel/boot_params/data", running);
        tree.Write("sys/firmware/efi/systab", "ACPI20=0x7f9ca014\nACPI=0x7f9ca000\nSMBIOS=0x7f9ca000\n");
        tree.Write("sys/firmware/efi/fw_vendor", "0xfffffffefeed1000\n");
        tree.Write("sys/firmware/efi/runtime", "0xfffffffefeed2000\n");
        tree.Write("sys/firmware/efi/config_table", "0x7f9ee018\n");
        Descriptor(tree, 0, "0x5", "0x7eed5000", "0xfffffffffeed5000", "0x5", "0x800000000000000f");
        Descriptor(tree, 1, "0x6", "0x7ef00000", "0xfffffffeef000000", "0x10", "0x800000000000000f");
        return tree;
    }

    private static void Descriptor(
        MachineTree tree, int number, string type, string start, string mapped, string pages, string attributes)
    {
        string folder = $"sys/firmware/efi/runtime-map/{number}";
        tree.Write($"{folder}/type", type);
        tree.Write($"{folder}/phys_addr", start);
        tree.Write($"{folder}/virt_addr", mapped);
        tree.Write($"{folder}/num_pages", pages);
        tree.Write($"{folder}/attribute", attributes);
    }
}
