namespace Lifeboat.Capture.Tests;

public sealed class HookProcessTests
{
    [Fact]
    public void A_program_that_ends_well_is_no_word_worth() =>
        Assert.Null(HookProcess.Run("/bin/sh", ["-c", "test \"$0\" = 1", "1"], TimeSpan.FromMinutes(1)));

    [Fact]
    public void Its_exit_code_is_told() =>
        Assert.Equal("/bin/sh ended with exit code 3", HookProcess.Run("/bin/sh", ["-c", "exit 3"], TimeSpan.FromMinutes(1)));

    [Fact]
    public void One_that_does_not_end_is_stopped() => Assert.Equal(
        "/bin/sh took longer than 0 s and was stopped",
        HookProcess.Run("/bin/sh", ["-c", "while :; do read line < /dev/zero; done"], TimeSpan.Zero));

    [Fact]
    public void One_that_is_not_there_is_told() =>
        Assert.StartsWith("/nonexistent/hook cannot be run: ", HookProcess.Run("/nonexistent/hook", [], TimeSpan.FromMinutes(1)), StringComparison.Ordinal);
}
