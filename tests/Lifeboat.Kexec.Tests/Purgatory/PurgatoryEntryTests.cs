using System.Text;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Images;
using Lifeboat.Kexec.Planning;
using Lifeboat.Kexec.Purgatory;
using Lifeboat.Kexec.Tests.Support;
using Lifeboat.Kexec.Tests.Support.Unicorn;

namespace Lifeboat.Kexec.Tests.Purgatory;

/// <summary>What purgatory does on request, and the states it enters kernels in, run.</summary>
public sealed class PurgatoryEntryTests
{
    private const ulong Entry = 0x2000000;
    private const ulong Information = 0x1234000;

    private static readonly PhysicalRange Own = TestPlans.Range(0x1000000, 0x1008000);

    public PurgatoryEntryTests() => Assert.SkipUnless(UnicornLibrary.IsPresent, "libunicorn2 is not installed");

    [Theory]
    [InlineData(KernelEntry.Linux32, 0u, 0u, Information)]
    [InlineData(KernelEntry.Multiboot1, 0x2badb002u, Information, 0u)]
    [InlineData(KernelEntry.Multiboot2, 0x36d76289u, Information, 0u)]
    public void A_32_bit_entry_is_reached_without_paging_in_flat_segments(
        KernelEntry entry, ulong accumulator, ulong ebx, ulong esi)
    {
        using PurgatoryMachine machine = Load(Request() with { Entry = entry });
        machine.MapOneToOne(new PhysicalAddress(0x3000000));
        machine[X86Register.Rdi] = 0x5a5a5a5a5a5a5a5a;

        // What runs there is 32-bit code: 0x48 is dec eax, not a prefix.
        machine.Write(new PhysicalAddress(Entry), [0x48, 0x90]);
        Assert.True(machine.Run(Own.Start, new PhysicalAddress(Entry + 1)));
        Assert.Equal(unchecked((uint)accumulator - 1), machine[X86Register.Rax]);
        Assert.Equal(ebx, machine[X86Register.Rbx]);
        Assert.Equal(esi, machine[X86Register.Rsi]);
        Assert.All(
            (X86Register[])[X86Register.Rcx, X86Register.Rdx, X86Register.Rdi, X86Register.Rbp],
            register => Assert.Equal(0UL, machine[register]));
        Assert.Equal(0x11UL, machine[X86Register.Cr0] & 0x80000011);
        Assert.Equal(0UL, machine[X86Register.Cr4]);
        Assert.Equal(0x10UL, machine[X86Register.CodeSegment]);
        Assert.All(
            (X86Register[])[X86Register.DataSegment, X86Register.ExtraSegment, X86Register.StackSegment],
            register => Assert.Equal(0x18UL, machine[register]));
        Assert.Equal(0UL, machine[X86Register.Flags] & 0x700);
    }

    [Fact]
    public void A_64_bit_entry_leaves_the_page_tables_as_they_are()
    {
        using PurgatoryMachine machine = Load(Request());
        machine.MapOneToOne(new PhysicalAddress(0x3000000));
        ulong[] before = [machine[X86Register.Cr0], machine[X86Register.Cr3], machine[X86Register.Cr4]];
        Assert.True(machine.Run(Own.Start, new PhysicalAddress(Entry)));
        Assert.Equal(before, new[] { machine[X86Register.Cr0], machine[X86Register.Cr3], machine[X86Register.Cr4] });
    }

    [Fact]
    public void The_next_kernel_of_a_reboot_is_called_so()
    {
        using PurgatoryMachine machine = Load(Request() with { Purpose = LoadPurpose.Reboot });
        Assert.True(machine.Run(Own.Start, new PhysicalAddress(Entry)));
        Assert.Equal("lifeboat purgatory: segments verified, starting the next kernel\r\n", machine.Console);
    }

    [Fact]
    public void Without_checks_a_changed_segment_is_started()
    {
        var segment = new LoadSegment("kernel", TestPlans.Range(Entry, Entry + 0x1000), TestPlans.Bytes(0x1000));
        PurgatoryRequest request = Request() with { Segments = [new NumberedSegment(0, segment)] };
        using PurgatoryMachine strict = Load(request);
        Assert.False(strict.Run(Own.Start, new PhysicalAddress(Entry)));
        using PurgatoryMachine lax = Load(request with { Options = new PurgatoryOptions { SkipChecks = true } });
        Assert.True(lax.Run(Own.Start, new PhysicalAddress(Entry)));
        Assert.Equal("lifeboat purgatory: segments not checked, starting the capture kernel\r\n", lax.Console);
    }

    [Fact]
    public void Another_serial_port_at_its_own_rate()
    {
        using PurgatoryMachine machine = Load(
            Request() with { Options = new PurgatoryOptions { Serial = new SerialPort(0x2f8, 9600) } },
            new PurgatoryMachine(Own) { SerialPort = 0x2f8 });
        Assert.True(machine.Run(Own.Start, new PhysicalAddress(Entry)));
        Assert.StartsWith("lifeboat purgatory", machine.Console, StringComparison.Ordinal);
        Assert.Equal(["2f9=00", "2fb=83", "2f8=0c", "2f9=00", "2fb=03", "2fa=00", "2fc=03"], machine.PortWrites);
    }

    [Fact]
    public void Without_a_console_nothing_is_written()
    {
        using PurgatoryMachine machine = Load(Request() with { Options = new PurgatoryOptions { Serial = null } });
        Assert.True(machine.Run(Own.Start, new PhysicalAddress(Entry)));
        Assert.Empty(machine.Console);
        Assert.Empty(machine.PortWrites);
    }

    [Fact]
    public void A_VGA_card_is_put_into_text_mode_and_written_to()
    {
        using PurgatoryMachine machine = Load(
            Request() with { Options = new PurgatoryOptions { Serial = null, VgaConsole = true, ResetVga = true } });
        machine.AddMemory(TestPlans.Range(0xb8000, 0xc0000));
        Assert.True(machine.Run(Own.Start, new PhysicalAddress(Entry)));
        byte[] rows = machine.Read(new PhysicalAddress(0xb8000 + (23 * 160)), 320);
        string text = Encoding.ASCII.GetString([.. rows.Where((_, index) => index % 2 == 0)]);
        Assert.Equal(
            "lifeboat purgatory: segments verified, starting the capture kernel".PadRight(160), text);
        Assert.All(rows.Where((_, index) => index % 2 == 1), colour => Assert.Equal(7, colour));
        Assert.All(machine.Read(new PhysicalAddress(0xb8000 + (25 * 160)), 16), value => Assert.Equal(0, value));
        Assert.Equal(["3c4=0100", "3c4=0001", "3c4=0302"], machine.PortWrites.Take(3));
        Assert.Equal("3c0=20", machine.PortWrites[^1]);
    }

    [Fact]
    public void The_address_to_return_to_ends_the_command_line()
    {
        var digits = new PhysicalAddress(0x2000100);
        using PurgatoryMachine machine = Load(Request() with { JumpBackDigits = digits });
        machine[X86Register.Rsp] = Entry + 0x800;
        machine.Write(new PhysicalAddress(Entry + 0x800), BitConverter.GetBytes(0x00000001_2ab4_9f0cUL));
        machine.Write(digits, Encoding.ASCII.GetBytes("0000000000000000\0"));
        Assert.True(machine.Run(Own.Start, new PhysicalAddress(Entry)));
        Assert.Equal("000000012ab49f0c\0", Encoding.ASCII.GetString(machine.Read(digits, 17)));
    }

    private static PurgatoryRequest Request() => new(Own.Start, new PhysicalAddress(Entry), new PhysicalAddress(Information), []);

    private static PurgatoryMachine Load(PurgatoryRequest request, PurgatoryMachine? given = null)
    {
        PurgatoryMachine machine = given ?? new PurgatoryMachine(Own);
        machine.AddMemory(TestPlans.Range(Entry, Entry + 0x1000));
        machine.Write(Own.Start, PurgatoryAssembler.Assemble(request));
        return machine;
    }
}
