namespace Lifeboat.Drill.Tests;

public sealed class FailureHintTests
{
    [Theory]
    [InlineData("[   10.0] Kernel panic - not syncing: System is deadlocked on memory", "--crashkernel")]
    [InlineData("[   10.0] Out of memory: Killed process 1 (init)", "--crashkernel")]
    [InlineData("[    1.0] Initramfs unpacking failed: write error", "--crashkernel")]
    [InlineData(
        "[    1.0] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)", "--crashkernel")]
    [InlineData("lifeboat purgatory: SHA-256 mismatch in segment 1 (ramdisk): resetting", "stray DMA")]
    [InlineData("[    0.0] crashkernel reservation failed - No suitable area found.", "--memory")]
    [InlineData("[    1.0] Kernel panic - not syncing: No working init found.", "rebuild")]
    [InlineData("OUT OF MEMORY", "--crashkernel")]
    public void A_known_sign_gives_what_to_do(string line, string inHint) =>
        Assert.Contains(
            inHint, FailureHint.Find(["something before", line, "something after"]), StringComparison.Ordinal);

    [Fact]
    public void The_first_sign_counts() => Assert.Contains(
        "stray DMA", FailureHint.Find(["SHA-256 mismatch", "Out of memory"]), StringComparison.Ordinal);

    [Fact]
    public void Without_a_sign_there_is_no_hint()
    {
        Assert.Null(FailureHint.Find([]));
        Assert.Null(FailureHint.Find(["", "all is well"]));
    }
}
