using System.Globalization;
using System.IO.MemoryMappedFiles;
using System.Text.RegularExpressions;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Kexec.Images;
using Lifeboat.Kexec.Tests.Support;

namespace Lifeboat.Kexec.Tests.Images;

public sealed partial class RealImageTests
{
    [Fact]
    public void The_kernel_inside_a_distributions_bzImage_is_read_as_readelf_does()
    {
        foreach (string path in TestKernels.Images())
        {
            byte[] file = File.ReadAllBytes(path);
            BzImage outer = BzImage.Parse(file, path);
            KernelFile inner = KernelFile.Open(Payload(file), $"payload of {path}");
            Assert.Contains(Assert.Single(inner.Wrappers), (string[])["xz", "zstd", "gzip"]);
            Assert.Equal("ELF vmlinux", inner.Image.Format);
            Assert.Equal(outer.KernelVersion, inner.Image.KernelVersion);
            Assert.Equal(outer.PreferredAddress, inner.Image.PreferredAddress);

            // The bzImage needs room to unpack into as well.
            Assert.True(inner.Image.MemorySize <= outer.MemorySize);

            string elf = Path.GetTempFileName();
            try
            {
                File.WriteAllBytes(elf, inner.ImageBytes.ToArray());
                SameSegments(inner, Tool.Run("readelf", "-lW", elf));
            }
            finally
            {
                File.Delete(elf);
            }
        }
    }

    [Fact]
    public void A_vmlinux_with_all_its_debug_information_is_referred_to_only()
    {
        string? folder = Environment.GetEnvironmentVariable("LIFEBOAT_TEST_DEBUGINFO");
        Assert.SkipUnless(Directory.Exists(folder), "LIFEBOAT_TEST_DEBUGINFO names no folder");
        string? path = Directory.EnumerateFiles(folder!, "vmlinux-*", SearchOption.AllDirectories).FirstOrDefault();
        Assert.SkipWhen(path is null, $"{folder} holds no vmlinux");
        using var map = MemoryMappedFile.CreateFromFile(path!, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        using var file = new MappedBytes(map, (int)new FileInfo(path!).Length);
        long before = GC.GetAllocatedBytesForCurrentThread();
        KernelFile opened = KernelFile.Open(file.Memory, path!);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 64 << 10);
        Assert.Equal(path![(path!.IndexOf("vmlinux-", StringComparison.Ordinal) + 8)..], opened.Release);
        SameSegments(opened, Tool.Run("readelf", "-lW", path!));

        // _end is where the kernel's own memory ends; only scratch space of memory encryption follows.
        Match end = EndSymbol().Match(Tool.Run("readelf", "-sW", path!));
        ulong size = ulong.Parse(end.Groups["address"].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            - 0xffffffff80000000 - opened.Image.PreferredAddress.Value;
        Assert.InRange(opened.Image.MemorySize.Value, size, size + (16 << 20));
    }

    [Fact]
    public void A_real_kernel_in_a_unified_image_that_objcopy_made_is_read()
    {
        string folder = Directory.CreateTempSubdirectory("lifeboat-uki-").FullName;
        try
        {
            string Place(string name, byte[] content)
            {
                string path = Path.Join(folder, name);
                File.WriteAllBytes(path, content);
                return path;
            }

            byte[] kernel = File.ReadAllBytes(TestKernels.Images()[0]);
            byte[] ramdisk = TestPlans.Bytes(100_001);
            string source = Place("stub.s", ".text\n.globl _start\n_start: ret\n"u8.ToArray());
            string stub = Path.Join(folder, "stub.efi");
            Tool.Run("as", source, "-o", Path.Join(folder, "stub.o"));
            Tool.Run("ld", "-m", "i386pep", "--subsystem", "10", "-e", "_start", Path.Join(folder, "stub.o"), "-o", stub);
            string unified = Path.Join(folder, "linux.efi");
            var arguments = new List<string>();
            ulong address = 0x140030000;
            foreach ((string name, byte[] content) in new[]
            {
                (".cmdline", "root=/dev/vda1 ro\n"u8.ToArray()), (".uname", "6.1.0-uki\n"u8.ToArray()),
                (".osrel", "ID=debian\n"u8.ToArray()), (".initrd", ramdisk), (".linux", kernel),
            })
            {
                arguments.AddRange(["--add-section", $"{name}={Place(name[1..], content)}",
                    "--change-section-vma", $"{name}=0x{address:x}"]);
                address += ((ulong)content.Length + 0xffff) & ~0xffffUL;
            }

            Tool.Run("objcopy", [.. arguments, stub, unified]);
            KernelFile opened = KernelFile.Open(File.ReadAllBytes(unified), unified);
            Assert.Equal(["UKI"], opened.Wrappers);
            Assert.Equal("root=/dev/vda1 ro", opened.CommandLine);
            Assert.Equal("6.1.0-uki", opened.Release);
            Assert.True(opened.Ramdisk.Span.SequenceEqual(ramdisk));
            Assert.True(opened.ImageBytes.Span.SequenceEqual(kernel));

            DiagnosticException bare = Assert.Throws<DiagnosticException>(() => KernelFile.Open(File.ReadAllBytes(stub), stub));
            Assert.Contains("without a .linux section", bare.Diagnostics[0].Found, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The compressed vmlinux of a bzImage; all formats but gzip have four bytes of length after them.</summary>
    private static byte[] Payload(byte[] file)
    {
        SetupHeader header = BzImage.Parse(file, "x").Header;
        byte[] payload = file.AsSpan(header.SetupBytes + (int)header.PayloadOffset, (int)header.PayloadLength).ToArray();
        return payload[0] == 0x1f ? payload : payload[..^4];
    }

    private static void SameSegments(KernelFile file, string readelf)
    {
        KernelImage image = file.Image;
        List<Match> loads = [.. Load().Matches(readelf).Cast<Match>()];
        Assert.Equal(loads.Count, image.Parts.Count);
        for (int i = 0; i < loads.Count; i++)
        {
            ulong Number(int group) =>
                ulong.Parse(loads[i].Groups[group].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            ImagePart part = image.Parts[i];
            Assert.Equal(Number(2), part.Offset.Value + image.PreferredAddress.Value);
            Assert.Equal(Number(3), (ulong)part.Content.Length);
            Assert.Equal((Number(4) + 4095) & ~4095UL, part.MemorySize.Value);
            Assert.True(part.Content.Span.SequenceEqual(file.Bytes.Length == file.ImageBytes.Length
                ? file.Bytes.Span.Slice((int)Number(1), (int)Number(3))
                : file.ImageBytes.Span.Slice((int)Number(1), (int)Number(3))));
        }

        string entry = EntryPoint().Match(readelf).Groups[1].Value;
        Assert.Equal(entry, $"{image.PreferredAddress.Value + image.EntryOffset.Value:x}");
    }

    [GeneratedRegex(@"LOAD\s+0x(\w+) 0x\w+ 0x(\w+) 0x(\w+) 0x(\w+)")]
    private static partial Regex Load();

    [GeneratedRegex(@"Entry point 0x(\w+)")]
    private static partial Regex EntryPoint();

    [GeneratedRegex(@": (?<address>\w+) .* _end$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex EndSymbol();
}
