using Lifeboat.Capture.Settings;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Tests.Settings;

public sealed class EraseLinesTests
{
    [Fact]
    public void Without_a_line_keys_are_erased_unless_the_dump_is_sealed()
    {
        CaptureSettings settings = CaptureSettings.Parse("", "x");
        Assert.Equal("keys", Assert.Single(settings.Erase.DirectivesFor(isSealed: false)).Text);
        Assert.Empty(settings.Erase.DirectivesFor(isSealed: true));
        Assert.DoesNotContain("erase", settings.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_add_up_sealed_or_not()
    {
        CaptureSettings settings = CaptureSettings.Parse("erase keyring\nerase  symbol a.b  size 4 # c\n", "x");
        foreach (bool isSealed in (bool[])[true, false])
        {
            Assert.Equal(["keyring", "symbol a.b size 4"], settings.Erase.DirectivesFor(isSealed).Select(static line => line.Text));
        }

        Assert.Equal(settings, CaptureSettings.Parse(settings.ToText(), "y"));
        Assert.NotEqual(settings, CaptureSettings.Parse("erase keyring\n", "y"));
    }

    [Fact]
    public void None_switches_it_off()
    {
        CaptureSettings settings = CaptureSettings.Parse("erase none\n", "x");
        Assert.Empty(settings.Erase.DirectivesFor(isSealed: false));
        Assert.Contains("erase none\n", settings.ToText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("erase\n")]
    [InlineData("erase everything\n")]
    [InlineData("erase none\nerase keys\n")]
    [InlineData("erase keys\nerase none\n")]
    [InlineData("erase type a.b\n")]
    public void What_says_nothing_or_contradicts_is_told(string text) =>
        Assert.Throws<DiagnosticException>(() => CaptureSettings.Parse(text, "x"));
}
