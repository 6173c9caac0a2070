using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Vmcore.Flattened;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Vmcore.Tests.Hostile;

/// <summary>Flattened dumps whose records never end, or overlap.</summary>
public sealed class EndlessRecordTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    [InlineData(0, long.MaxValue)]
    [InlineData(0, 1L << 21)]
    [InlineData(1L << 40, 8)]
    public void Records_without_an_end_are_refused_when_they_come_through_a_pipe(long offset, long length)
    {
        using var stream = new EndlessStream(offset, length);
        var limits = new DumpLimits { MaxFlattenedRecords = 1000, MaxStreamBytes = 1 << 20 };
        DumpFormatException refused = Assert.Throws<DumpFormatException>(
            () => FlattenedDump.Rearrange(stream, _folder.File("out"), limits));
        Assert.True(Assert.Single(refused.Diagnostics) is { Where: not null, Found: not null, Expected: not null });
        Assert.InRange(stream.BytesRead, 4096, 2 << 20);
    }

    [Fact]
    public void Records_that_lie_over_each_other_take_work_in_their_number_only()
    {
        // Each covers all that come after it: where one begins, every one before it is open.
        const int Records = 4000;
        byte[] dump = HostileSamples.SmallElf();
        var builder = new FlattenedBuilder().Add(0, dump);
        for (int i = 0; i < Records; i++)
        {
            builder.Add(dump.Length + i, new byte[64]);
        }

        byte[] file = builder.End();
        Assert.True(DumpProbe.Survives(() => DumpProbe.Open(file), filter: 1));
    }

    /// <summary>A flattened dump of the same record again and again.</summary>
    private sealed class EndlessStream(long offset, long length) : Stream
    {
        private readonly byte[] _start = new FlattenedBuilder().Add(offset, new byte[Math.Min(length, 64)], length).ToArray();

        internal long BytesRead { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => BytesRead;
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int start, int count)
        {
            for (int i = 0; i < count; i++)
            {
                long place = BytesRead++;
                buffer[start + i] = _start[place < _start.Length ? place : 4096 + ((place - 4096) % (_start.Length - 4096))];
            }

            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long place, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int start, int count) => throw new NotSupportedException();
    }
}
