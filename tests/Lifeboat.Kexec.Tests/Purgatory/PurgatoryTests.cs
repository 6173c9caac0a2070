using FsCheck;
using FsCheck.Fluent;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Images;
using Lifeboat.Kexec.Planning;
using Lifeboat.Kexec.Tests.Support;
using Lifeboat.Kexec.Tests.Support.Unicorn;

namespace Lifeboat.Kexec.Tests.Purgatory;

/// <summary>Purgatory's machine code, run.</summary>
public sealed class PurgatoryTests
{
    private static readonly Lazy<LoadPlan> Plan = new(TestPlans.Plan);

    public PurgatoryTests() => Assert.SkipUnless(UnicornLibrary.IsPresent, "libunicorn2 is not installed");

    private static PhysicalAddress KernelEntry => Segment("kernel").Range.Start + new ByteCount(BzImage.Entry64Offset);

    [Fact]
    public void Starts_the_kernel_when_every_segment_is_as_it_was_loaded()
    {
        using PurgatoryMachine machine = Load();
        foreach (X86Register register in Enum.GetValues<X86Register>().Where(IsGeneral))
        {
            machine[register] = 0x5a5a5a5a5a5a5a5a;
        }

        Assert.True(machine.Run(Plan.Value.EntryPoint, KernelEntry));
        Assert.Equal("lifeboat purgatory: segments verified, starting the capture kernel\r\n", machine.Console);
        Assert.Equal(Segment("boot parameters").Range.Start.Value, machine[X86Register.Rsi]);
        Assert.All(
            Enum.GetValues<X86Register>().Where(IsGeneral).Except([X86Register.Rsi, X86Register.Rsp]),
            register => Assert.Equal(0UL, machine[register]));
        Assert.True(Segment("purgatory").Range.Contains(new PhysicalAddress(machine[X86Register.Rsp] - 1)));
        Assert.Equal(0UL, machine[X86Register.Flags] & 0x700);
        Assert.Equal(0x10UL, machine[X86Register.CodeSegment]);
        Assert.All(
            (X86Register[])[X86Register.DataSegment, X86Register.ExtraSegment, X86Register.StackSegment],
            register => Assert.Equal(0x18UL, machine[register]));
    }

    [Fact]
    public void Does_not_start_the_kernel_when_one_bit_of_any_segment_is_flipped()
    {
        LoadSegment[] segments = [.. Plan.Value.Segments.Where(segment => segment.Name != "purgatory")];
        Arbitrary<(int, double, int)> places = Gen.Choose(0, segments.Length - 1)
            .SelectMany(_ => Gen.Choose(0, int.MaxValue - 1), (segment, place) => (segment, place))
            .SelectMany(_ => Gen.Choose(0, 7), (pair, bit) => (pair.segment, pair.place / (double)int.MaxValue, bit))
            .ToArbitrary();
        Prop.ForAll(places, place =>
        {
            (int index, double fraction, int bit) = place;
            LoadSegment segment = segments[index];
            RequireRefusal(segment, (ulong)(fraction * segment.Range.Length.Value), bit);
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("kernel")]
    [InlineData("ramdisk")]
    [InlineData("boot parameters")]
    [InlineData("ELF core header")]
    public void Notices_the_first_and_the_last_bit_of_content_and_of_the_zeros_behind_it(string name)
    {
        LoadSegment segment = Segment(name);
        ulong content = (ulong)segment.Content.Length;
        RequireRefusal(segment, 0, 0);
        RequireRefusal(segment, content - 1, 7);
        RequireRefusal(segment, segment.PagedContent.Value - 1, 7);
        RequireRefusal(segment, segment.Range.Length.Value - 1, 7);
        RequireRefusal(segment, Math.Min(segment.PagedContent.Value, segment.Range.Length.Value - 1), 0);
    }

    [Fact]
    public void Starts_the_kernel_without_a_serial_port()
    {
        using PurgatoryMachine absent = Load(new PurgatoryMachine(Plan.Value.Reservation) { LineStatus = 0xff });
        Assert.True(absent.Run(Plan.Value.EntryPoint, KernelEntry));
    }

    [Fact]
    public void A_transmitter_that_is_never_ready_does_not_hold_it_up()
    {
        using PurgatoryMachine stuck = Load(new PurgatoryMachine(Plan.Value.Reservation) { LineStatus = 0 });
        Assert.True(stuck.Run(Plan.Value.EntryPoint, KernelEntry));
        Assert.Empty(stuck.Console);
    }

    [Theory]
    [InlineData(true, true, "reset register")]
    [InlineData(false, true, "keyboard controller")]
    [InlineData(false, false, "fault")]
    public void Resets_in_whichever_way_the_machine_has(bool register, bool keyboard, string by)
    {
        using PurgatoryMachine machine = Load(new PurgatoryMachine(Plan.Value.Reservation)
        {
            HasResetRegister = register,
            HasKeyboardController = keyboard,
        });
        machine.FlipBit(KernelEntry, 3);
        Assert.False(machine.Run(Plan.Value.EntryPoint, KernelEntry));
        Assert.Equal(by, machine.ResetBy);
    }

    [Fact]
    public void Works_above_4_GiB()
    {
        CrashLoadRequest request = TestPlans.Request();
        LoadPlan plan = CrashLoadPlanner.Plan(request with
        {
            Machine = request.Machine.WithReservation(0x23_4000_0000, 0x23_4080_0000),
        });
        using PurgatoryMachine machine = PurgatoryMachine.Loaded(plan, new PurgatoryMachine(plan.Reservation));
        Assert.True(machine.Run(plan.EntryPoint, plan.Segments[0].Range.Start + new ByteCount(BzImage.Entry64Offset)));
        Assert.Equal(plan.Segments.Single(segment => segment.Name == "boot parameters").Range.Start.Value,
            machine[X86Register.Rsi]);
    }

    private static void RequireRefusal(LoadSegment segment, ulong offset, int bit)
    {
        using PurgatoryMachine machine = Load();
        machine.FlipBit(segment.Range.Start + new ByteCount(offset), bit);
        Assert.False(machine.Run(Plan.Value.EntryPoint, KernelEntry));
        int number = Plan.Value.Segments.ToList().IndexOf(segment);
        Assert.Equal(
            $"lifeboat purgatory: SHA-256 mismatch in segment {number} ({segment.Name}): "
            + "the capture kernel is not started, resetting\r\n",
            machine.Console);
        Assert.Equal("reset register", machine.ResetBy);
    }

    private static PurgatoryMachine Load(PurgatoryMachine? machine = null) =>
        PurgatoryMachine.Loaded(Plan.Value, machine ?? new PurgatoryMachine(Plan.Value.Reservation));

    private static LoadSegment Segment(string name) => Plan.Value.Segments.Single(segment => segment.Name == name);

    private static bool IsGeneral(X86Register register) =>
        register is X86Register.Rax or X86Register.Rbx or X86Register.Rcx or X86Register.Rdx or X86Register.Rsi
            or X86Register.Rdi or X86Register.Rbp or X86Register.Rsp or >= X86Register.R8;
}
