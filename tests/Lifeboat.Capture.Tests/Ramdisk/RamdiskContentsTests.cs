using Lifeboat.Capture.Ramdisk;
using Lifeboat.Capture.Tests.Modules;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Tests.Ramdisk;

public sealed class RamdiskContentsTests : IDisposable
{
    private readonly TestRamdisk _ramdisk = new();

    public void Dispose() => _ramdisk.Dispose();

    [Theory]
    [InlineData("", RamdiskCompression.None)]
    [InlineData("CONFIG_RD_GZIP=y", RamdiskCompression.Gzip)]
    [InlineData("CONFIG_RD_ZSTD=y", RamdiskCompression.Zstd)]
    public void What_was_built_is_found_in_it_however_it_is_packed(string config, RamdiskCompression compression)
    {
        var contents = RamdiskContents.Read(_ramdisk.Build($"CONFIG_BLK_DEV_INITRD=y\n{config}"), "capture.img");
        Assert.Equal(compression, contents.Compression);
        Assert.Equal([new("/lib/modules/base.ko", ""), new("/lib/modules/ext4.ko", "")], contents.Modules);
        Assert.Equal(TestRamdisk.Release, contents.KernelRelease);
        Assert.Equal(TestRamdisk.Settings, contents.Settings);
        Assert.Equal(TestElf.Program(dynamic: false), contents.Find("/init")!.Content.ToArray());
        Assert.Null(contents.Find("/etc"));
    }

    [Theory]
    [InlineData("", "an empty file")]
    [InlineData("hello", "no cpio archive")]
    [InlineData("\u001f\u008b and no more", "damaged Gzip data")]
    public void What_is_no_ramdisk_of_ours_is_told_so(string content, string found)
    {
        byte[] file = System.Text.Encoding.Latin1.GetBytes(content);
        Diagnostic diagnostic = Assert.Throws<DiagnosticException>(() => RamdiskContents.Read(file, "x.img")).Diagnostics[0];
        Assert.Equal((CaptureDiagnostics.BadRamdisk, "x.img"), (diagnostic.Id, diagnostic.Where));
        Assert.StartsWith(found, diagnostic.Found, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_ramdisks_end_in_a_diagnostic_or_are_checked()
    {
        foreach (byte[] damaged in Mutations.Of(_ramdisk.Build("CONFIG_BLK_DEV_INITRD=y"), 2000, seed: 17)
            .Concat(Mutations.Of(_ramdisk.Build("CONFIG_BLK_DEV_INITRD=y\nCONFIG_RD_ZSTD=y"), 2000, seed: 18)))
        {
            try
            {
                _ = RamdiskCheck.Of(RamdiskContents.Read(damaged, "damaged"), new RamdiskSurroundings { KernelRelease = TestRamdisk.Release });
            }
            catch (DiagnosticException)
            {
                // Refused.
            }
        }
    }
}
