using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Kernel.Tests.RealDumps;

/// <summary>
/// Dumps of machines that were crashed through sysrq, as they were saved and as makedumpfile filtered them.
/// </summary>
public sealed class RealLogTests
{
    [Theory]
    [InlineData(".elf")]
    [InlineData(".kdump")]
    public void The_log_identity_and_panic_of_a_real_kernel_are_read(string extension)
    {
        IReadOnlyList<string> dumps = TestDumps.Find(extension);
        Assert.SkipWhen(dumps.Count == 0, "LIFEBOAT_TEST_DUMPS names no folder with dumps");
        foreach (string path in dumps)
        {
            using var dump = DumpSource.Open(path);
            var log = KernelLog.Read(dump);
            Assert.Empty(log.Diagnostics);
            Assert.StartsWith("Linux version ", log.Records[0].Text, StringComparison.Ordinal);
            Assert.Equal(log.Records.Select((_, i) => (ulong)i), log.Records.Select(static r => r.Sequence));
            string release = Path.GetFileNameWithoutExtension(path);
            var identity = KernelIdentity.Read(dump);
            Assert.Equal(("Linux", release, "x86_64"), (identity.SystemName, identity.Release, identity.Machine));
            PanicSummary? panic = PanicSummary.Find(log);
            Assert.NotNull(panic);
            Assert.Equal("sysrq triggered crash", panic.Message);
            Assert.Equal(PanicKind.Sysrq, panic.Kind);
            Assert.NotNull(panic.Cpu);
            Assert.NotNull(panic.Pid);
            Assert.NotNull(panic.Command);
        }
    }
}
