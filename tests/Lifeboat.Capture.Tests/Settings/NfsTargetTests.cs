using FsCheck;
using FsCheck.Fluent;
using Lifeboat.Capture.Settings;

namespace Lifeboat.Capture.Tests.Settings;

public sealed class NfsTargetTests
{
    [Theory]
    [InlineData("server:/export")]
    [InlineData("dumps.example:/srv/crash vers=4.2")]
    [InlineData("192.0.2.7:/srv/crash vers=3 port=20490 mountport=20048 timeo=30 retrans=1")]
    [InlineData("[2001:db8::7]:/srv/crash vers=4")]
    [InlineData("server:/")]
    public void A_line_is_written_as_it_is_read(string value)
    {
        CaptureSettings settings = CaptureSettings.Parse("nfs " + value, "f");
        NfsTarget target = Assert.IsType<NfsTarget>(Assert.Single(settings.Targets));
        Assert.Equal("nfs " + value, target.ToString());
        Assert.DoesNotContain("[", target.Host, StringComparison.Ordinal);
        Assert.Equal(settings, CaptureSettings.Parse(settings.ToText(), "f"));
    }

    [Theory]
    [InlineData("server")]
    [InlineData(":/export")]
    [InlineData("server:export")]
    [InlineData("-x:/export")]
    [InlineData("a,soft:/export")]
    [InlineData("2001:db8::7:/export")]
    [InlineData("[server]:/export")]
    [InlineData("[]:/export")]
    [InlineData("[:/export")]
    [InlineData("server:/a/../b")]
    [InlineData("server:/export vers=2")]
    [InlineData("server:/export vers=4 vers=3")]
    [InlineData("server:/export port=65536")]
    [InlineData("server:/export timeo=0")]
    [InlineData("server:/export hard")]
    [InlineData("server:/export sec=krb5")]
    public void What_it_does_not_take_is_refused(string value) => Assert.Null(NfsTarget.Parse(value));

    [Fact]
    public void Any_target_is_read_as_it_is_written() => Prop.ForAll(
        Gen.Choose(0, 65535).Four().Zip(Gen.Elements(null, "3", "4", "4.0", "4.1", "4.2")).ToArbitrary(),
        static parts =>
        {
            ((int port, int mount, int timeout, int retries), string? version) = parts;
            var target = new NfsTarget(port % 2 == 0 ? "a-host.example" : "fd00::1", "/x/y")
            {
                Version = version,
                Port = port,
                MountPort = mount,
                Timeout = (timeout % 6000) + 1,
                Retries = retries % 101,
            };
            return target.Equals(NfsTarget.Parse(target.Value));
        }).QuickCheckThrowOnFailure();
}
