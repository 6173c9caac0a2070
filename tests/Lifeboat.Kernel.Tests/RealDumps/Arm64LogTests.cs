using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Kernel.Tests.RealDumps;

/// <summary>A live arm64 guest, as QEMU dumped it, against what it printed itself.</summary>
public sealed class Arm64LogTests
{
    [Theory]
    [InlineData("elf")]
    [InlineData("kdump")]
    public void The_log_is_what_the_guests_dmesg_printed(string name)
    {
        using var dump = DumpSource.Open(TestDumps.RequireArm64(name));
        var log = KernelLog.Read(dump);
        Assert.Empty(log.Diagnostics);
        string[] ours = [.. log.Records.SelectMany(static record => record.ToDmesgText().Split('\n'))];
        string[] printed = File.ReadAllLines(TestDumps.RequireArm64("log.txt"));

        // The guest may have said more between its printing and the dump.
        Assert.InRange(printed.Length, 100, ours.Length);
        Assert.Equal(printed, ours[..printed.Length]);
        var identity = KernelIdentity.Read(dump);
        Assert.Equal(("Linux", "arm-guest", "aarch64"), (identity.SystemName, identity.NodeName, identity.Machine));
        Assert.Equal(dump.Vmcoreinfo.OsRelease, identity.Release);
    }
}
