using FsCheck;
using FsCheck.Fluent;
using Lifeboat.Symbols.Tests.TestSupport;
using Lifeboat.Symbols.Unwinding;

namespace Lifeboat.Symbols.Tests.Unwinding;

public sealed class OrcEntryTests
{
    [Theory]
    [InlineData(OrcFormat.Linux414)]
    [InlineData(OrcFormat.Linux512)]
    [InlineData(OrcFormat.Linux63)]
    [InlineData(OrcFormat.Linux64)]
    [InlineData(OrcFormat.Linux71)]
    public void Every_entry_reads_as_it_was_written(OrcFormat format)
    {
        IReadOnlyList<OrcRegister> registers = OrcWriter.Registers(format);
        var gen = from kind in Gen.Elements(OrcKind.Call, OrcKind.Registers, OrcKind.InterruptFrame, OrcKind.Undefined, OrcKind.EndOfStack)
                  from stackBase in Gen.Choose(1, registers.Count - 1)
                  from frameBase in Gen.Choose(0, registers.Count - 1)
                  from stackOffset in Gen.Choose(short.MinValue, short.MaxValue)
                  from frameOffset in Gen.Choose(short.MinValue, short.MaxValue)
                  from isSignal in Gen.Elements(true, false)
                  select (kind, stackBase, frameBase, stackOffset, frameOffset, isSignal);
        Prop.ForAll(gen.ToArbitrary(), sample =>
        {
            // Old formats have no bit of their own for either.
            bool isCaller = sample.kind >= OrcKind.Call;
            bool isSignal = format >= OrcFormat.Linux63 ? sample.isSignal : isCaller && sample.kind != OrcKind.Call;
            var entry = new OrcEntry(
                sample.kind,
                isCaller ? registers[sample.stackBase] : OrcRegister.Undefined,
                (short)sample.stackOffset,
                registers[sample.frameBase],
                (short)sample.frameOffset,
                isSignal,
                format != OrcFormat.Linux414);
            return OrcEntry.Parse(OrcWriter.Write(entry, format), format) == entry;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Numbers_that_no_kernel_gives_are_unknown()
    {
        Assert.Equal(OrcRegister.Unknown, OrcEntry.Parse([0, 0, 0, 0, 0x0a, 0], OrcFormat.Linux512).StackBase);
        Assert.Equal(OrcRegister.Unknown, OrcEntry.Parse([0, 0, 0, 0, 0xbb, 2], OrcFormat.Linux71).FrameBase);
        Assert.Equal(OrcKind.Unknown, OrcEntry.Parse([0, 0, 0, 0, 5, 3], OrcFormat.Linux512).Kind);
        Assert.Equal(OrcKind.Unknown, OrcEntry.Parse([0, 0, 0, 0, 5, 5], OrcFormat.Linux64).Kind);
    }
}
