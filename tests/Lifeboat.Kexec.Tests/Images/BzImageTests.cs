using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Images;
using Lifeboat.Kexec.Tests.Support;

namespace Lifeboat.Kexec.Tests.Images;

public sealed class BzImageTests
{
    [Fact]
    public void Reads_what_the_header_says()
    {
        byte[] file = BzImageWriter.Write();
        BzImage image = BzImage.Parse(file, "vmlinuz");
        Assert.Equal(BzImageWriter.Version, image.KernelVersion);
        Assert.Equal("6.1.0-test", image.Release);
        Assert.Equal("2.15", image.ProtocolVersion);
        Assert.Equal(ByteCount.FromMiB(2), image.MemorySize);
        Assert.Equal(ByteCount.FromMiB(2), image.Alignment);
        Assert.Equal(2047, image.MaxCommandLineLength);
        Assert.True(image.CanBeLoadedAbove4G);
        Assert.True(image.Content.Span.SequenceEqual(file.AsSpan(1024)));
    }

    [Fact]
    public void A_header_is_written_as_it_was_read()
    {
        byte[] header = TestPlans.Bytes(SetupHeader.Size);
        Assert.True(SetupHeader.TryParse(header, out SetupHeader? parsed));
        var written = new byte[SetupHeader.Size];
        parsed.Value.WriteTo(written);
        Assert.Equal(header, written);
    }

    [Fact]
    public void What_follows_the_code_such_as_a_signature_is_not_loaded() =>
        Assert.Equal(4096, BzImage.Parse((byte[])[.. BzImageWriter.Write(), 1, 2, 3], "vmlinuz").Content.Length);

    [Fact]
    public void An_image_without_a_version_string_has_none() =>
        Assert.Null(BzImage.Parse(
            BzImageWriter.Write(BzImageWriter.GoodHeader with { KernelVersionPointer = 0 }), "v").Release);

    [Fact]
    public void On_request_it_is_started_at_its_32_bit_entry()
    {
        BzImage image = BzImage.Parse(BzImageWriter.Write(), "vmlinuz");
        Assert.Equal((KernelEntry.Linux64, new ByteCount(0x200)), (image.Entry, image.EntryOffset));
        BzImage low = image.AsProtected32();
        Assert.Equal((KernelEntry.Linux32, ByteCount.Zero), (low.Entry, low.EntryOffset));
        Assert.False(low.CanBeLoadedAbove4G);
        Assert.Equal(new PhysicalAddress(0x7fffffff), low.MaxRamdiskAddress);
        Assert.Equal(image.Content, low.Content);
        Assert.Same(low, low.AsProtected32());
    }

    [Theory]
    [InlineData(0x020f, 2)]
    [InlineData(0x020b, 1)]
    [InlineData(0x020a, 0)]
    public void An_image_without_a_64_bit_entry_has_the_32_bit_one(int version, int flags)
    {
        BzImage image = BzImage.Parse(
            BzImageWriter.Write(BzImageWriter.GoodHeader with { Version = (ushort)version, ExtendedLoadFlags = (SetupExtendedLoadFlags)flags }), "v");
        Assert.Equal(KernelEntry.Linux32, image.Entry);
        Assert.False(image.CanBeLoadedAbove4G);
        Assert.True(image.SupportsFiveLevelPaging);
    }

    [Fact]
    public void The_shortest_header_ends_after_init_size()
    {
        SetupHeader old = BzImageWriter.GoodHeader with { Version = 0x020a, Jump = 0x62eb };
        Assert.Equal(0x264 - 0x1f1, BzImage.Parse(BzImageWriter.Write(old), "v").SetupHeaderBytes.Length);
        DiagnosticException refusal = Assert.Throws<DiagnosticException>(
            () => BzImage.Parse(BzImageWriter.Write(old with { Jump = 0x61eb }), "v"));
        Assert.Contains("jump at 0x200", refusal.Diagnostics[0].Where, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kernel_that_is_not_relocatable_has_one_place() =>
        Assert.False(BzImage.Parse(BzImageWriter.Write(BzImageWriter.GoodHeader with { Relocatable = 0 }), "v").IsRelocatable);

    public static TheoryData<string, string> BrokenFields() => new()
    {
        { "HdrS", "header at 0x202" },
        { "boot flag", "boot_flag at 0x1fe" },
        { "protocol", "version at 0x206" },
        { "zImage", "loadflags at 0x211" },
        { "jump", "jump at 0x200" },
        { "syssize", "syssize at 0x1f4" },
        { "no entry", "syssize at 0x1f4" },
        { "payload", "payload_offset at 0x248" },
        { "init size", "init_size at 0x260" },
        { "alignment", "kernel_alignment at 0x230" },
        { "preferred", "pref_address at 0x258" },
        { "command line", "cmdline_size at 0x238" },
    };

    [Theory]
    [MemberData(nameof(BrokenFields))]
    public void Names_the_field_that_is_wrong(string kind, string where)
    {
        SetupHeader good = BzImageWriter.GoodHeader;
        SetupHeader broken = kind switch
        {
            "HdrS" => good with { HeaderMagic = 0 },
            "boot flag" => good with { BootFlag = 0 },
            "protocol" => good with { Version = 0x0209 },
            "zImage" => good with { LoadFlags = SetupLoadFlags.None },
            "jump" => good with { Jump = 0xffeb },
            "syssize" => good with { SystemSizeParagraphs = 0xffffffff },
            "no entry" => good with { SystemSizeParagraphs = 0x20, PayloadOffset = 0, PayloadLength = 0 },
            "payload" => good with { PayloadOffset = 0xffffffff },
            "init size" => good with { InitSize = 4095 },
            "alignment" => good with { KernelAlignment = 0x300000 },
            "preferred" => good with { PreferredAddress = ulong.MaxValue },
            "command line" => good with { CommandLineSize = 0 },
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
        DiagnosticException refusal = Assert.Throws<DiagnosticException>(
            () => BzImage.Parse(BzImageWriter.Write(broken), "/boot/vmlinuz"));
        Assert.Contains(where, refusal.Diagnostics[0].Where, StringComparison.Ordinal);
        Assert.StartsWith("/boot/vmlinuz", refusal.Diagnostics[0].Where, StringComparison.Ordinal);
        Assert.NotNull(refusal.Diagnostics[0].Remedy);
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        byte[] file = BzImageWriter.Write();
        for (int length = 0; length < file.Length; length += length < 0x300 ? 1 : 97)
        {
            Assert.Throws<DiagnosticException>(() => BzImage.Parse(file.AsMemory(0, length), "vmlinuz"));
        }
    }

    [Theory]
    [InlineData(new byte[] { 0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1 }, "ELF")]
    [InlineData(new byte[] { 0x1f, 0x8b, 8 }, "gzip")]
    [InlineData(new byte[] { 0x28, 0xb5, 0x2f, 0xfd }, "zstd")]
    [InlineData(new byte[] { 0x30, 0x37, 0x30, 0x37, 0x30, 0x31 }, "cpio")]
    [InlineData(new byte[0], "empty")]
    public void Says_what_a_file_is_that_is_no_kernel(byte[] start, string kind)
    {
        foreach (int length in (int[])[start.Length, 8192])
        {
            if (start.Length == 0 && length > 0)
            {
                continue;
            }

            var file = new byte[Math.Max(length, start.Length)];
            start.CopyTo(file, 0);
            DiagnosticException refusal = Assert.Throws<DiagnosticException>(() => BzImage.Parse(file, "x"));
            Assert.Contains(kind, refusal.Diagnostics[0].Found, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_image_beyond_the_limit_is_refused() =>
        Assert.Throws<DiagnosticException>(
            () => BzImage.Parse(BzImageWriter.Write(), "x", new DumpLimits { MaxImageBytes = 5000 }));

    [Fact]
    public void Mutated_images_are_read_or_refused_and_nothing_else()
    {
        byte[] good = BzImageWriter.Write();
        var random = new Random(20260);
        for (int run = 0; run < 20_000; run++)
        {
            byte[] file = (byte[])good.Clone();
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                file[random.Next(SetupHeader.FileOffset, 0x290)] = (byte)random.Next(256);
            }

            try
            {
                int length = random.Next(2) == 0 ? file.Length : random.Next(file.Length);
                BzImage image = BzImage.Parse(file.AsMemory(0, length), "x");
                Assert.True(image.MemorySize.Value >= (ulong)image.Content.Length);
            }
            catch (DiagnosticException)
            {
            }
        }
    }

    [Fact]
    public void Reads_real_kernels_as_file_does()
    {
        foreach (string path in TestKernels.Images())
        {
            BzImage image = BzImage.Parse(File.ReadAllBytes(path), path);
            string name = Path.GetFileName(path);
            string? release = name == "vmlinuz" ? Path.GetFileName(Path.GetDirectoryName(path)) : name["vmlinuz-".Length..];
            Assert.Equal(release, image.Release);
            Assert.True(image.CanBeLoadedAbove4G);
            Assert.Contains(
                $"version {image.KernelVersion},", Tool.Run("file", "-L", "-b", path), StringComparison.Ordinal);
        }
    }
}
