using System.Security.Cryptography.X509Certificates;
using System.Text;
using Lifeboat.Capture.Ramdisk;
using Lifeboat.Capture.Settings;
using Lifeboat.Capture.Tests.Http.Tls;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Tests.Ramdisk;

public sealed class RamdiskFilesCheckTests : IDisposable
{
    private const string Certificate = "/etc/lifeboat/web.pem";
    private const string Upload = $"https https://dumps.example/files/ cert={Certificate}\n";
    private const string Raw = "raw PARTUUID=2f5b9c1e-0d3a-4c57-9d0e-3f1f4c6b8a11\n";

    private readonly TestRamdisk _ramdisk = new();

    public void Dispose() => _ramdisk.Dispose();

    [Fact]
    public void A_file_that_has_changed_since_the_ramdisk_was_built_is_a_warning()
    {
        byte[] image = _ramdisk.Build(files: [Hook("old"), RamdiskFile.FromBytes("/usr/lib/libc.so.6", "same"u8.ToArray())]);
        SettingFinding finding = Assert.Single(Check(
            image, new RamdiskSurroundings { FilesFor = _ => [Hook("new one"), RamdiskFile.FromBytes("/lib/libc.so.6", "same"u8.ToArray())] }));
        Assert.Equal((false, CaptureDiagnostics.BadRamdisk, "3 bytes"), (finding.IsError, finding.Diagnostic.Id, finding.Diagnostic.Found));
        Assert.StartsWith("/etc/lifeboat/hook ", finding.Diagnostic.What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_in_the_ramdisk_is_an_error()
    {
        SettingFinding finding = Assert.Single(Check(_ramdisk.Build(), new RamdiskSurroundings { FilesFor = _ => [Hook("new one")] }));
        Assert.Equal((true, "/etc/lifeboat/hook"), (finding.IsError, finding.Diagnostic.Expected));
    }

    [Fact]
    public void A_key_that_is_refused_now_is_an_error_and_one_that_may_not_be_read_a_warning()
    {
        var refusal = new Diagnostic(CaptureDiagnostics.SettingMissing, "no key");
        SettingFinding refused = Assert.Single(Check(
            _ramdisk.Build(), new RamdiskSurroundings { FilesFor = _ => throw new DiagnosticException(refusal) }));
        Assert.Equal((true, refusal), (refused.IsError, refused.Diagnostic));
        SettingFinding unread = Assert.Single(Check(
            _ramdisk.Build(), new RamdiskSurroundings { FilesFor = _ => throw new UnauthorizedAccessException("the key is root's") }));
        Assert.Equal((false, "the key is root's"), (unread.IsError, unread.Diagnostic.Found));
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(20, false)]
    [InlineData(40, null)]
    public void A_certificate_that_has_ended_is_an_error_and_one_that_ends_soon_a_warning(int daysLeft, bool? isError)
    {
        using var authority = new TestAuthority();
        using X509Certificate2 server = authority.Issue("dumps.example", daysLeft: daysLeft);
        byte[] image = _ramdisk.Build(
            settings: Upload, files: [RamdiskFile.FromBytes(Certificate, Encoding.UTF8.GetBytes(server.ExportCertificatePem()))]);
        IReadOnlyList<SettingFinding> findings = Check(image, new RamdiskSurroundings { Now = DateTimeOffset.UtcNow });
        SettingFinding? finding = findings.SingleOrDefault(static finding => finding.Diagnostic.Id == CaptureDiagnostics.BadCertificateFile);
        Assert.Equal(isError, finding?.IsError);
    }

    [Fact]
    public void A_certificate_that_is_not_in_the_ramdisk_is_an_error() =>
        Assert.Contains(
            Check(_ramdisk.Build(settings: Upload), new RamdiskSurroundings()),
            static finding => finding.IsError && finding.Diagnostic.Expected == Certificate);

    [Fact]
    public void A_raw_device_is_looked_at_as_it_will_be_at_the_crash()
    {
        byte[] image = _ramdisk.Build(settings: Raw);
        SettingFinding missing = Assert.Single(Check(image, new RamdiskSurroundings()));
        Assert.Equal((true, CaptureDiagnostics.TargetNotFound), (missing.IsError, missing.Diagnostic.Id));
        var there = new RamdiskSurroundings { FindRawDevice = static _ => "/dev/vdb" };
        Assert.Empty(Check(image, there));
        var refusal = new Diagnostic(CaptureDiagnostics.RawDeviceUnfit, "swap");
        SettingFinding unfit = Assert.Single(Check(image, there with { CheckRawDevice = _ => throw new DiagnosticException(refusal) }));
        Assert.Equal((true, refusal), (unfit.IsError, unfit.Diagnostic));
    }

    private static RamdiskFile Hook(string content) => RamdiskFile.FromBytes("/etc/lifeboat/hook", Encoding.UTF8.GetBytes(content));

    // The disk of the settings that a test leaves as they are is there.
    private static IReadOnlyList<SettingFinding> Check(byte[] image, RamdiskSurroundings machine) =>
        RamdiskCheck.Of(RamdiskContents.Read(image, "capture.img"), machine with { FindDevice = static _ => "/dev/vda1" });
}
