using FsCheck;
using FsCheck.Fluent;
using Lifeboat.Capture.Http;
using Lifeboat.Capture.Settings;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Tests.Settings;

public sealed class UploadTargetTests
{
    [Theory]
    [InlineData("https https://dumps.example/files/ ca=/etc/lifeboat/ca.pem token=/etc/lifeboat/token", null)]
    [InlineData("https https://192.0.2.7:8443/x cert=/etc/lifeboat/server.pem", null)]
    [InlineData("https https://[2001:db8::1]/x cert=/a.pem", null)]
    [InlineData("https https://h/x protocol=put ca=/a.pem", null)]
    [InlineData("https https://H:443/x token=/t  ca=/a.pem protocol=tus", "https https://h/x ca=/a.pem token=/t")]
    [InlineData("http http://dumps.example:1080/files", null)]
    [InlineData("s3 https://s3.example/crashes/lab credentials=/etc/lifeboat/keys ca=/a.pem", null)]
    [InlineData("s3 https://crashes.s3.example region=eu-central-1 credentials=/k cert=/a.pem connections=4", "s3 https://crashes.s3.example/ region=eu-central-1 credentials=/k cert=/a.pem connections=4")]
    public void Reads_targets_and_writes_them(string line, string? written)
    {
        DumpTarget target = Assert.Single(CaptureSettings.Parse(line, "x").Targets);
        Assert.Equal(written ?? line, target.ToString());
        Assert.Equal(target, Assert.Single(CaptureSettings.Parse(target.ToString(), "x").Targets));
    }

    [Theory]
    [InlineData("https http://h/x ca=/a.pem")]
    [InlineData("http https://h/x ca=/a.pem")]
    [InlineData("https https://h/x")]
    [InlineData("https https://h/x ca=/a.pem cert=/b.pem")]
    [InlineData("https https://h/x ca=/a.pem ca=/a.pem")]
    [InlineData("https https://h/x ca=a.pem")]
    [InlineData("https https://h/x ca=/a/../b.pem")]
    [InlineData("https https://h/x ca=/a.pem protocol=ftp")]
    [InlineData("https https://h/x ca=/a.pem unknown=1")]
    [InlineData("https https://user@h/x ca=/a.pem")]
    [InlineData("https https://h/x?y ca=/a.pem")]
    [InlineData("https https://h:0/x ca=/a.pem")]
    [InlineData("https https://h:65536/x ca=/a.pem")]
    [InlineData("https https://h:/x ca=/a.pem")]
    [InlineData("https https:///x ca=/a.pem")]
    [InlineData("https https://a..b/x ca=/a.pem")]
    [InlineData("https https://[1::2/x ca=/a.pem")]
    [InlineData("https https://h/a/../b ca=/a.pem")]
    [InlineData("http http://h/x cert=/a.pem")]
    [InlineData("s3 https://h/b ca=/a.pem")]
    [InlineData("s3 https://h/b ca=/a.pem credentials=/k connections=17")]
    [InlineData("s3 https://h/b ca=/a.pem credentials=/k region=")]
    [InlineData("s3 https://h/b(1) ca=/a.pem credentials=/k")]
    [InlineData("s3 https://h/b//c ca=/a.pem credentials=/k")]
    public void Says_what_is_accepted(string line)
    {
        DiagnosticException error = Assert.Throws<DiagnosticException>(() => CaptureSettings.Parse(line, "f"));
        Assert.Contains("FILE", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        Gen<string> names = Gen.Elements("a", "b-c", "d.example", "x1");
        Gen<DumpTarget> targets =
            from host in names
            from path in names
            from numbers in Gen.ArrayOf(Gen.Choose(0, 15), 5)
            let isSecure = numbers[0] % 2 == 0
            let url = Url(isSecure, host, 1 + (numbers[1] * 3000), path)
            let ca = isSecure && numbers[2] % 2 == 0 ? "/etc/" + path : null
            let certificate = isSecure && numbers[2] % 2 == 1 ? "/etc/" + host : null
            let secret = numbers[3] % 2 == 0 ? "/run/" + path : null
            select numbers[4] % 2 == 0
                ? (DumpTarget)new HttpTarget(url, (UploadProtocol)(numbers[4] / 2 % 2), ca, certificate, secret)
                : new ObjectStoreTarget(url, host.Replace(".", ""), 1 + numbers[3], ca, certificate, "/run/keys");
        Prop.ForAll(
            Gen.ArrayOf(targets).ToArbitrary(),
            list => CaptureSettings.Parse(string.Join('\n', list.Select(target => target.ToString())), "x").Targets.Equals(new DumpTargets(list)))
            .QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("https https://h/x ca=/a.pem token=/t", null)]
    [InlineData("https https://192.0.2.1/x cert=/a.pem", null)]
    [InlineData("https https://192.0.2.1/x ca=/a.pem", "cannot be told by its CA")]
    [InlineData("http http://h/x", "crosses the network in the clear")]
    [InlineData("http http://h/x\nseal_to age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p", null)]
    [InlineData("http http://h/x token=/t\nseal_to age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p", "The token crosses")]
    public void What_is_doubtful_of_a_target_is_told_beforehand(string text, string? what)
    {
        IReadOnlyList<SettingFinding> findings = SettingsCheck.Of(SettingsFile.Read(text, "f"));
        if (what is null)
        {
            Assert.Empty(findings);
        }
        else
        {
            Assert.Contains(what, Assert.Single(findings).Diagnostic.What, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_target_names_the_files_that_it_needs()
    {
        var target = (UploadTarget)CaptureSettings.Parse("https https://h/x cert=/etc/a.pem token=/etc/t", "x").Targets[0];
        Assert.Equal(["/etc/a.pem", "/etc/t"], target.Files);
    }

    private static HttpUrl Url(bool isSecure, string host, int port, string path)
    {
        Assert.True(HttpUrl.TryParse($"{(isSecure ? "https" : "http")}://{host}:{port}/{path}", out HttpUrl? url));
        return url;
    }
}
