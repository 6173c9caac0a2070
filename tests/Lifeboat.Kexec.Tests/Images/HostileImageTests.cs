using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Kexec.Images;
using Lifeboat.Kexec.Tests.Support;

namespace Lifeboat.Kexec.Tests.Images;

public sealed class HostileImageTests
{
    /// <summary>What all wrappers of a small file may take together, the refusal's text included.</summary>
    private const long AllocationBound = 48 << 20;

    private static readonly DumpLimits SmallLimits = new() { MaxDecompressedBytes = 8 << 20 };

    public static TheoryData<string, byte[], int, int> Corpus() => new()
    {
        // The bytes that are changed most, and how many runs.
        { "bzImage", BzImageWriter.Write(), 0x290, 5000 },
        { "vmlinux", ElfWriter.Kernel(), 0x158, 8000 },
        { "UKI", PeWriter.Write((".linux", BzImageWriter.Write()), (".cmdline", "quiet"u8.ToArray()), (".initrd", [1]), (".ucode", [2])), 0x260, 8000 },
        { "zboot", PeWriter.Zboot("gzip", Packed.Gzip(BzImageWriter.Write())), 0x240, 3000 },
        { "gzip", Packed.Gzip(ElfWriter.Kernel()), 0x100, 2000 },
        { "Multiboot", MultibootWriter.Flat(), 0x44, 8000 },
        { "Multiboot ELF32", MultibootWriter.Elf(MultibootWriter.Header1(3)), 0x80, 8000 },
        { "Multiboot ELF64", MultibootWriter.Elf(MultibootWriter.Header1(3), wide: true), 0xb0, 8000 },
        { "Multiboot2", Multiboot2(), 0x90, 12000 },
    };

    [Theory]
    [MemberData(nameof(Corpus))]
    public void Mutated_files_are_read_or_refused_and_nothing_else(string kind, byte[] good, int hot, int runs)
    {
        var random = new Random(20265);
        ReadOnlySpan<byte> odd = [0, 1, 0x7f, 0x80, 0xff, 0xfe];
        for (int run = 0; run < runs; run++)
        {
            byte[] file = (byte[])good.Clone();
            for (int change = random.Next(1, 5); change > 0; change--)
            {
                int at = random.Next(8) == 0 ? random.Next(file.Length) : random.Next(hot);
                for (int count = random.Next(3) == 0 ? random.Next(1, 9) : 1; count > 0 && at < file.Length; count--)
                {
                    file[at++] = random.Next(2) == 0 ? odd[random.Next(odd.Length)] : (byte)random.Next(256);
                }
            }

            int length = random.Next(4) == 0 ? random.Next(file.Length) : file.Length;
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                Believable(KernelFile.Open(file.AsMemory(0, length), "x", SmallLimits));
            }
            catch (DiagnosticException refusal)
            {
                Assert.StartsWith("x", refusal.Diagnostics[0].Where, StringComparison.Ordinal);
                Assert.NotNull(refusal.Diagnostics[0].Remedy);
            }

            long taken = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(taken < AllocationBound, $"{kind}, run {run}: {taken} bytes");
        }
    }

    /// <summary>What the planner relies on.</summary>
    private static void Believable(KernelFile file)
    {
        KernelImage image = file.Image;
        Assert.True(image.EntryOffset < image.MemorySize);
        Assert.True(image.Alignment.Value >= 4096 && System.Numerics.BitOperations.IsPow2(image.Alignment.Value));
        Assert.True(image.IsRelocatable || image.PreferredAddress.Value % 4096 == 0 || image is BzImage);
        ulong end = 0;
        foreach (ImagePart part in image.Parts)
        {
            Assert.True(part.Offset.Value >= end && part.Offset.Value % 4096 == 0);
            Assert.True((ulong)part.Content.Length <= part.MemorySize.Value);
            end = part.Offset.Value + part.MemorySize.Value;
        }

        Assert.True(end <= image.MemorySize.Value);
    }

    private static byte[] Multiboot2()
    {
        byte[] file = MultibootWriter.Elf([]);
        MultibootWriter.Header2(
            MultibootWriter.Tag(1, 1, 6), MultibootWriter.OptionalTag(10, 0x200000, 0xffffffff, 0x200000, 2),
            MultibootWriter.Tag(2, 0x100074, 0x100000, 0, 0), MultibootWriter.Tag(3, 0x100200)).CopyTo(file, 0x78);
        return file;
    }
}
