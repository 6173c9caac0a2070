using Lifeboat.Cli.Personalities;
using Lifeboat.Cli.Tests.TestSupport;
using Lifeboat.TestSupport;

namespace Lifeboat.Cli.Tests.Personalities;

public sealed class PersonalityTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("lifeboat", "info dump", null, "info dump")]
    [InlineData(null, "info dump", null, "info dump")]
    [InlineData("makedumpfile", "-c in out", "makedumpfile", "-c in out")]
    [InlineData("/usr/bin/makedumpfile", "in out", "makedumpfile", "in out")]
    [InlineData("./vmcore-dmesg", "dump", "vmcore-dmesg", "dump")]
    [InlineData("/usr/sbin/kexec", "-p -S", "kexec", "-p -S")]
    [InlineData("lifeboat", "--as kexec -S", "kexec", "-S")]
    [InlineData("/makedumpfile/lifeboat", "info dump", null, "info dump")]
    [InlineData("lifeboat", "--as makedumpfile -v", "makedumpfile", "-v")]
    [InlineData("lifeboat", "--as nonsense", null, "--as nonsense")]
    [InlineData("lifeboat", "--as", null, "--as")]
    public void The_name_that_the_program_is_called_by_decides(string? calledAs, string line, string? name, string rest)
    {
        var personality = Personality.Of(calledAs, line.Split(' '), out string[] words);
        Assert.Equal((name, rest), (personality?.Name, string.Join(' ', words)));
    }

    [Theory]
    [InlineData("makedumpfile", "-v", 0, "makedumpfile: version 1.7.9 (lifeboat ")]
    [InlineData("kexec", "-v", 0, "kexec-tools 2.0.32 (")]
    [InlineData("vmcore-dmesg", "--help", 0, "NAME\n    vmcore-dmesg - ")]
    public void A_link_is_the_other_program(string name, string argument, int code, string start)
    {
        var run = ToolRun.Of(_folder.Path, ProgramLink.Create(_folder.Path, name), argument);
        Assert.Equal((code, ""), (run.Code, run.Error));
        Assert.StartsWith(start, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_other_link_is_this_program()
    {
        var run = ToolRun.Of(_folder.Path, ProgramLink.Create(_folder.Path, "boat"), "--version");
        Assert.Equal((0, LifeboatCommand.Version), (run.Code, run.Output[..LifeboatCommand.Version.Length]));
    }
}
