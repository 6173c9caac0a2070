using Lifeboat.Core.IO;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Tests.Writing;

public sealed class BlockPipelineTests
{
    // Two threads have a block each and two more; the rest is what may wait.
    private const ulong Blocks = 4;
    private const ulong PagesOfBlock = 128;

    [Theory]
    [InlineData(0, Blocks)]
    [InlineData(4, Blocks + 8)]
    public void While_the_target_takes_nothing_as_many_pages_are_packed_as_may_wait(ulong mebibytes, ulong blocks)
    {
        using var source = new CountedPages(ByteCount.FromMiB(64), blocks * PagesOfBlock);
        using var target = new StalledStream(source);
        var options = new DumpWriteOptions { Level = DumpLevel.None, Threads = 2, Ahead = ByteCount.FromMiB(mebibytes) };
        DumpWriteResult result = KdumpFileWriter.WriteFlattened(source, target, options);
        Assert.Equal(blocks * PagesOfBlock, target.ReadMeanwhile);
        Assert.Equal(source.EndPfn.Value, result.Pages.Kept);
    }

    /// <summary>Takes the first bytes of pages only when all have been read that can be.</summary>
    private sealed class StalledStream(CountedPages source) : SequentialStream
    {
        private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

        /// <summary>Pages that were read by then; null before.</summary>
        internal ulong? ReadMeanwhile { get; private set; }

        public override bool CanRead => false;

        public override bool CanWrite => true;

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (source.PagesRead > 0 && ReadMeanwhile is null)
            {
                source.AllRead.Wait(Limit);
                ReadMeanwhile = source.PagesRead;
            }
        }
    }

    /// <summary>RAM that holds one byte over and over; tells when so many pages of it have been read.</summary>
    private sealed class CountedPages(ByteCount size, ulong expected) : DumpSource
    {
        private long _read;

        internal ManualResetEventSlim AllRead { get; } = new();

        internal ulong PagesRead => (ulong)Interlocked.Read(ref _read);

        public override string Path => "counted";

        public override string FormatName => "counted";

        public override bool IsIncomplete => false;

        public override IReadOnlyList<PhysicalRange> RamRanges { get; } = [PhysicalRange.FromLength(PhysicalAddress.Zero, size)];

        public override ReadOnlyMemory<byte> Notes => default;

        public override Vmcoreinfo Vmcoreinfo => Vmcoreinfo.Empty;

        public override Pfn EndPfn => new(size.Value / Pfn.PageSize);

        public override PageState GetPageState(Pfn pfn) => PageState.Present;

        public override int Read(PhysicalAddress address, Span<byte> destination, out MemoryFault fault)
        {
            destination.Fill(7);
            fault = MemoryFault.None;
            if ((ulong)Interlocked.Add(ref _read, destination.Length / Pfn.PageSize) >= expected)
            {
                AllRead.Set();
            }

            return destination.Length;
        }

        protected override void Dispose(bool disposing)
        {
            AllRead.Dispose();
            base.Dispose(disposing);
        }
    }
}
