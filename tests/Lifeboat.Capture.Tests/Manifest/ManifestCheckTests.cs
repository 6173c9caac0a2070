using Lifeboat.Capture.Manifest;

namespace Lifeboat.Capture.Tests.Manifest;

public sealed class ManifestCheckTests : IDisposable
{
    private const string DigestOfAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_that_are_as_the_manifest_says_are_no_mismatch()
    {
        _folder.Write("dmesg.txt", "abc");
        Assert.Null(Check(new ManifestTier { Name = "log", File = "dmesg.txt", Bytes = 3, Sha256 = DigestOfAbc }));
        Assert.Null(Check(new ManifestTier { Name = "log", File = "dmesg.txt" }));
        Assert.Null(Check());
    }

    [Fact]
    public void A_file_that_is_missing_is_named() =>
        Assert.Equal("the manifest names vmcore.kdump, which is not there", Check(
            new ManifestTier { Name = "dump", File = "vmcore.kdump" }));

    [Fact]
    public void Another_length_is_told_with_both_numbers()
    {
        _folder.Write("dmesg.txt", "abcd");
        Assert.Equal(
            "dmesg.txt has 4 bytes, the manifest says 3",
            Check(new ManifestTier { Name = "log", File = "dmesg.txt", Bytes = 3, Sha256 = DigestOfAbc }));
    }

    [Fact]
    public void Other_bytes_of_the_same_length_are_found()
    {
        _folder.Write("dmesg.txt", "abd");
        Assert.StartsWith(
            "the SHA-256 of dmesg.txt",
            Check(new ManifestTier { Name = "log", File = "dmesg.txt", Bytes = 3, Sha256 = DigestOfAbc }),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/etc/hostname")]
    [InlineData("../abc")]
    [InlineData("folder/abc")]
    [InlineData("..")]
    [InlineData("")]
    public void A_name_that_leads_out_of_the_folder_is_not_followed(string name)
    {
        _folder.Write("folder/abc", "abc");
        Assert.Contains(
            "is not there", Check(new ManifestTier { Name = "log", File = name }), StringComparison.Ordinal);
    }

    private string? Check(params ManifestTier[] tiers) =>
        ManifestCheck.FirstMismatch(_folder.Path, new CaptureManifest { ToolVersion = "1", Tiers = tiers });
}
