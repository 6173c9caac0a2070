using System.Text;
using Lifeboat.Capture.Manifest;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Capture.Tests.Manifest;

public sealed class CaptureManifestTests
{
    [Fact]
    public void What_is_written_is_read_back()
    {
        CaptureManifest manifest = Sample();
        CaptureManifest back = CaptureManifest.Parse(manifest.ToJson(), "m");
        Assert.Equal(manifest with { Tiers = back.Tiers, Notices = back.Notices }, back);
        Assert.Equal(manifest.Tiers, back.Tiers);
        Assert.Equal(manifest.Notices, back.Notices);
    }

    [Fact]
    public void The_members_have_the_names_that_others_read()
    {
        string json = Encoding.UTF8.GetString(Sample().ToJson());
        Assert.StartsWith("{\n  \"schemaVersion\": 1,\n  \"toolVersion\": \"0.1.0\",\n  \"complete\": true,", json, StringComparison.Ordinal);
        foreach (string member in (string[])["\"status\": \"Saved\"", "\"sha256\": \"ab\"", "\"peakResidentBytes\": 7", "\"kept\": 3", "\"6.1+deb\"", "\"crashTime\": \"1970-"])
        {
            Assert.Contains(member, json, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"schemaVersion\":2,\"toolVersion\":\"x\",\"tiers\":[]}")]
    [InlineData("{\"schemaVersion\":1,\"toolVersion\":\"x\",\"tiers\":null}")]
    [InlineData("{\"schemaVersion\":1,\"toolVersion\":\"x\",\"tiers\":[null]}")]
    [InlineData("{\"schemaVersion\":1,\"toolVersion\":\"x\",\"tiers\":[],\"notices\":[null]}")]
    public void Refuses_what_is_no_manifest(string json) => Assert.Equal(
        CaptureDiagnostics.BadManifest,
        Assert.Throws<DiagnosticException>(() => CaptureManifest.Parse(Encoding.UTF8.GetBytes(json), "m")).Diagnostics[0].Id);

    [Fact]
    public void Damaged_manifests_end_in_a_diagnostic_or_in_a_manifest()
    {
        foreach (byte[] damaged in Mutations.Of(Sample().ToJson(), 2000, seed: 13))
        {
            try
            {
                Assert.NotNull(CaptureManifest.Parse(damaged, "m").Tiers);
            }
            catch (DiagnosticException error)
            {
                Assert.Equal(CaptureDiagnostics.BadManifest, error.Diagnostics[0].Id);
            }
        }
    }

    private static CaptureManifest Sample() => new()
    {
        ToolVersion = "0.1.0",
        Complete = true,
        Host = "h",
        KernelRelease = "6.1+deb",
        CrashTime = DateTimeOffset.UnixEpoch,
        CaptureTime = DateTimeOffset.UnixEpoch.AddSeconds(9),
        DumpLevel = 31,
        Tiers = [new ManifestTier { Name = "log", File = "f", Status = TierStatus.Saved, Bytes = 5, Sha256 = "ab", Seconds = 0.25 }],
        Pages = new PageCounts { Total = 10, Kept = 3, Free = 7 },
        Memory = new ManifestMemory { PeakResidentBytes = 7 },
        Notices = ["n"],
    };
}
