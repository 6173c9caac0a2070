using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Images;
using Lifeboat.Kexec.Tests.Support;

namespace Lifeboat.Kexec.Tests.Images;

public sealed class ImagePartBuilderTests
{
    private const int Page = 4096;

    [Fact]
    public void Segments_of_whole_pages_are_referred_to()
    {
        byte[] file = TestPlans.Bytes(3 * Page);
        IReadOnlyList<ImagePart> parts = Build(
            Segment(0x10000, file.AsMemory(0, 2 * Page), 5 * Page), Segment(0x15000, file.AsMemory(2 * Page), Page));
        Assert.Equal(2, parts.Count);
        Assert.Equal(file.AsMemory(0, 2 * Page), parts[0].Content);
        Assert.Equal(file.AsMemory(2 * Page), parts[1].Content);
        Assert.Equal(new ByteCount(5 * Page), parts[1].Offset);
    }

    [Fact]
    public void A_page_of_two_segments_is_made_and_the_rest_referred_to()
    {
        byte[] file = TestPlans.Bytes(4 * Page);
        IReadOnlyList<ImagePart> parts = Build(
            Segment(0x10000, file.AsMemory(0, Page + 100), Page + 100),
            Segment(0x11800, file.AsMemory(Page, 2 * Page), 2 * Page));
        Assert.Equal(3, parts.Count);
        Assert.Equal(file.AsMemory(0, Page), parts[0].Content);
        Assert.Equal(file.AsMemory(Page + 0x800, (2 * Page) - 0x800), parts[2].Content);
    }

    [Fact]
    public void Parts_give_the_memory_that_the_segments_ask_for()
    {
        var random = new Random(5);
        for (int run = 0; run < 5000; run++)
        {
            byte[] file = TestPlans.Bytes(Page * 8);
            var memory = new byte[Page * 64];
            var segments = new List<ImageSegment>();
            int at = random.Next(Page);
            int start = at & ~(Page - 1);
            for (int count = random.Next(1, 7); count > 0; count--)
            {
                int size = random.Next(1, random.Next(2) == 0 ? 600 : 3 * Page);
                int content = random.Next(size + 1);
                int from = random.Next(file.Length - content);
                segments.Add(Segment((ulong)at, file.AsMemory(from, content), size));
                file.AsSpan(from, content).CopyTo(memory.AsSpan(at));
                at += size + random.Next(random.Next(2) == 0 ? 300 : 2 * Page);
                at = random.Next(3) == 0 ? (at + Page - 1) & ~(Page - 1) : at;
            }

            var made = new byte[memory.Length];
            ulong end = 0;
            foreach (ImagePart part in ImagePartBuilder.Build(segments, new PhysicalAddress((ulong)start)))
            {
                Assert.True(part.Offset.Value >= end && part.Offset.Value % Page == 0 && part.MemorySize.Value % Page == 0);
                Assert.True((ulong)part.Content.Length <= part.MemorySize.Value);
                part.Content.Span.CopyTo(made.AsSpan((int)part.Offset.Value + start));
                end = part.Offset.Value + part.MemorySize.Value;
            }

            Assert.True(memory.AsSpan().SequenceEqual(made), $"run {run}");
            Assert.True(end + (ulong)start >= segments[^1].End.Value);
        }
    }

    private static IReadOnlyList<ImagePart> Build(params ImageSegment[] segments) =>
        ImagePartBuilder.Build(segments, segments[0].Start.AlignDown(ByteCount.Page));

    private static ImageSegment Segment(ulong start, ReadOnlyMemory<byte> content, int memory) =>
        new(new PhysicalAddress(start), content, new ByteCount((ulong)memory));
}
