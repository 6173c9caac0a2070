using Lifeboat.Capture.Settings;

namespace Lifeboat.Capture.Tests.Settings;

public sealed class SettingDirectivesTests
{
    public static TheoryData<string> Names() => [.. SettingDirectives.All.Select(directive => directive.Name)];

    [Fact]
    public void No_two_have_one_name() =>
        Assert.Equal(SettingDirectives.All.Count, SettingDirectives.All.Select(directive => directive.Name).Distinct().Count());

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_says_what_it_is(string name)
    {
        SettingDirective directive = SettingDirectives.Find(name)!;
        Assert.NotEmpty(directive.Meaning);
        if (directive.IsCarriedOut)
        {
            Assert.NotEmpty(directive.Accepted);
            Assert.NotEmpty(directive.Default!);
        }
        else
        {
            Assert.NotEmpty(directive.Instead!);
            Assert.Null(directive.Apply(CaptureSettings.Defaults, "1"));
            Assert.Null(directive.ValueIn(CaptureSettings.Defaults));
        }
    }

    [Theory]
    [InlineData("/a#b")]
    [InlineData("/a ")]
    [InlineData(" /a")]
    [InlineData("/a\nthreads 2")]
    [InlineData("/a\u2028b")]
    [InlineData("/a\u0085b")]
    [InlineData("")]
    public void A_value_that_no_line_can_say_is_not_taken(string value) =>
        Assert.Null(SettingDirectives.Find("path")!.Apply(CaptureSettings.Defaults, value));

    [Fact]
    public void Of_each_line_that_was_understood_the_number_is_known()
    {
        var file = SettingsFile.Read("\n# x\npath /a\nnonsense\next4 /dev/sda1\nthreads 0\n", "f");
        Assert.Equal([3, 5], file.Lines.Select(line => line.Number));
        Assert.Equal([4, 6], file.Errors.Select(error => error.Line));
        Assert.Equal(5, file.LineOf(SettingDirectives.Find("ext4")!)!.Number);
        Assert.Null(file.LineOf(SettingDirectives.Find("threads")!));
        Assert.Equal("/a", file.Settings.Path);
    }
}
