using Lifeboat.Cli.Tests.TestSupport;
using Lifeboat.TestSupport;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Cli.Tests.Personalities.VmcoreDmesg;

[Collection(ConsoleCollection.Name)]
public sealed class VmcoreDmesgTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _program;

    public VmcoreDmesgTests() => _program = ProgramLink.Create(_folder.Path, "vmcore-dmesg");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_log_goes_to_standard_output()
    {
        _folder.Write("vmcore", CoreFile.Of(CrashedMachine.Create("first", "second\nand more")));
        var run = ToolRun.Of(_folder.Path, _program, "vmcore");
        Assert.Equal(new ToolRun(0, "[    1.500000] first\n[    3.000000] second\nand more\n", ""), run);
    }

    [Fact]
    public void One_file_is_wanted_and_no_more()
    {
        Assert.Equal(new CommandRun(1, "", "usage: vmcore-dmesg <kernel core file>\n"), CommandRun.As("vmcore-dmesg"));
        Assert.Equal(1, CommandRun.As("vmcore-dmesg", "a", "b").Code);
    }

    [Fact]
    public void Each_failure_has_the_exit_code_of_the_program_it_stands_in_for()
    {
        Assert.Equal(
            new CommandRun(2, "", "Cannot open /nowhere: No such file or directory\n"),
            CommandRun.As("vmcore-dmesg", "/nowhere"));
        Assert.Equal(4, CommandRun.As("vmcore-dmesg", _folder.Write("text", "this is no dump")).Code);
        Assert.Equal(50, CommandRun.As("vmcore-dmesg", _folder.Write("bare", CoreFile.Of(new byte[4096], "OSRELEASE=6.1\n"u8))).Code);
        _folder.Write("vmcore", CoreFile.Of(CrashedMachine.Create()));
        Assert.Equal("54\n", ToolRun.OfShell(_folder.Path, "./vmcore-dmesg vmcore > /dev/full 2> notes; echo $?").Output);
    }

    [Theory]
    [InlineData(".elf")]
    [InlineData(".kdump")]
    public void The_log_of_a_real_kernel_is_the_one_of_vmcore_dmesg_byte_for_byte(string extension)
    {
        string tool = Environment.GetEnvironmentVariable("LIFEBOAT_TEST_VMCORE_DMESG") ?? "/sbin/vmcore-dmesg";
        Tools.Require(tool);
        IReadOnlyList<string> dumps = TestDumps.Find(extension);
        Assert.SkipWhen(dumps.Count == 0, "LIFEBOAT_TEST_DUMPS names no folder with dumps");
        foreach (string dump in dumps)
        {
            string elf = _folder.Combine("vmcore");
            Assert.Equal(0, CommandRun.Of("filter", dump, elf, "--format", "elf", "--level", "0", "--force").Code);
            var expected = ToolRun.Of(_folder.Path, tool, elf);
            Assert.Equal(expected with { Error = "" }, ToolRun.Of(_folder.Path, _program, dump));
            Assert.Equal(expected with { Error = "" }, ToolRun.Of(_folder.Path, _program, elf));
        }
    }
}
