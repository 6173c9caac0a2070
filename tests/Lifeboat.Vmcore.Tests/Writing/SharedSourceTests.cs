using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Tests.Writing;

/// <summary>Threads that pack pages, and the one that finds out again which pages are kept, read the same dump.</summary>
public sealed class SharedSourceTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void No_two_threads_read_with_one_reader(bool canShare)
    {
        using var source = new OneAtATime(canShare);
        _ = ElfFileWriter.WriteFlattened(
            source, Stream.Null, new DumpWriteOptions { Level = DumpLevel.Zero, Threads = 4 });
        Assert.Equal(0, source.Clashes);
    }

    /// <summary>Sixteen windows of pages, and a reader that sees when two threads are in it.</summary>
    private sealed class OneAtATime(bool canShare, OneAtATime? first = null) : DumpSource
    {
        private int _inside;
        private int _clashes;

        internal int Clashes => _clashes;

        public override string Path => "one at a time";

        public override string FormatName => "one at a time";

        public override bool IsIncomplete => false;

        public override IReadOnlyList<PhysicalRange> RamRanges { get; } =
            [PhysicalRange.FromLength(PhysicalAddress.Zero, new ByteCount(2048UL << 20))];

        public override ReadOnlyMemory<byte> Notes => default;

        public override Vmcoreinfo Vmcoreinfo => Vmcoreinfo.Empty;

        public override Pfn EndPfn => new(2048UL << 8);

        // Short runs: the windows are read when their first blocks are dealt, not all at the beginning.
        public override PageState GetPageState(Pfn pfn) => pfn.Value % 256 == 0 ? PageState.Excluded : PageState.Present;

        public override void GetPageStates(Pfn start, Span<PageState> states)
        {
            Enter();
            for (int i = 0; i < states.Length; i++)
            {
                states[i] = GetPageState(new Pfn(start.Value + (ulong)i));
            }

            Thread.SpinWait(20_000);
            Leave();
        }

        public override int Read(PhysicalAddress address, Span<byte> destination, out MemoryFault fault)
        {
            Enter();
            destination.Fill(7);
            Thread.SpinWait(200);
            fault = MemoryFault.None;
            Leave();
            return destination.Length;
        }

        internal override DumpSource? TryShare(bool isScattered = false) => canShare ? new OneAtATime(canShare, first ?? this) : null;

        private void Enter()
        {
            if (Interlocked.Increment(ref _inside) > 1)
            {
                Interlocked.Increment(ref (first ?? this)._clashes);
            }
        }

        private void Leave() => Interlocked.Decrement(ref _inside);
    }
}
