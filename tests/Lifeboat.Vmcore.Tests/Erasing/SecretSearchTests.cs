using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Erasing;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Vmcore.Tests.Erasing;

public sealed class SecretSearchTests : IDisposable
{
    private static readonly byte[] Secret = "0123456789abcdef"u8.ToArray();
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0x0150_0000UL)]
    [InlineData(0x0150_0ff8UL)]
    [InlineData(0x0150_0ff1UL)]
    [InlineData(FakeKernel.RamSize - 16)]
    public void Bytes_are_found_wherever_they_lie(ulong place)
    {
        var kernel = new FakeKernel();
        kernel.Memory.Write(place, Secret);
        Assert.Equal([new PhysicalAddress(place), null], Run(ElfWriter.Write(kernel), Secret, new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 }));
    }

    [Fact]
    public void Bytes_of_pages_that_do_not_follow_each_other_are_not_joined()
    {
        byte[] first = new byte[Pfn.PageSize];
        byte[] last = new byte[Pfn.PageSize];
        Secret.AsSpan(0, 8).CopyTo(first.AsSpan(Pfn.PageSize - 8));
        Secret.AsSpan(8).CopyTo(last);
        byte[] apart = new ElfWriter().AddSegment(0x1000, first).AddSegment(0x3000, last).ToArray();
        byte[] together = new ElfWriter().AddSegment(0x1000, first).AddSegment(0x2000, last).ToArray();
        Assert.Equal([null], Run(apart, Secret));
        Assert.Equal([new PhysicalAddress(0x1ff8)], Run(together, Secret));
    }

    [Fact]
    public void Notes_are_looked_through_too()
    {
        byte[] file = new ElfWriter().AddNote("CORE", 1, Secret).AddSegment(0, new byte[Pfn.PageSize]).ToArray();
        Assert.NotNull(Assert.Single(Run(file, Secret)));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(4097)]
    public void Secrets_that_are_too_short_or_too_long_are_refused(int length) =>
        Assert.Throws<ArgumentException>(() => Run(ElfWriter.Write(new FakeKernel()), new byte[length]));

    private IReadOnlyList<PhysicalAddress?> Run(byte[] file, params byte[][] secrets)
    {
        using var dump = DumpSource.Open(_folder.Write("dump", file));
        return SecretSearch.Run(dump, secrets);
    }
}
