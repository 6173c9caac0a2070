namespace Lifeboat.Vmcore.Tests.TestSupport;

/// <summary>Machines to write dumps of.</summary>
internal static class SampleDumps
{
    private const int Buddy = -129;

    /// <summary>32 MiB with free pages, pages that pack and pages that do not.</summary>
    internal static FakeKernel Kernel()
    {
        FakeKernel kernel = new FakeKernel().WithMemoryMap();
        kernel.SetPage(0x400, type: Buddy, privateData: 10);
        var random = new Random(3);
        for (int i = 0; i < 0x300; i++)
        {
            byte[] page = new byte[4096];
            random.NextBytes(page);
            page.AsSpan((i % 2) * 2048).Fill((byte)i);
            kernel.Memory.Write(0x80_0000 + ((ulong)i * 4096), page);
        }

        return kernel;
    }

    /// <summary>A machine of a few pages, for mutations.</summary>
    internal static byte[] SmallElf(int pages = 8)
    {
        byte[] ram = new byte[pages * 4096];
        for (int i = 0; i < pages; i++)
        {
            new Random(i).NextBytes(ram.AsSpan(i * 4096, 200));
        }

        return new ElfWriter().AddNote("VMCOREINFO", 0, "OSRELEASE=6.1\n"u8).AddSegment(0, ram).ToArray();
    }
}
