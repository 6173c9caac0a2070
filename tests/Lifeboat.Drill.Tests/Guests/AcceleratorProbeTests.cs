using Lifeboat.Drill.Guests;

namespace Lifeboat.Drill.Tests.Guests;

public sealed class AcceleratorProbeTests
{
    [Fact]
    public void Kvm_that_is_not_allowed_is_not_probed()
    {
        var probe = new AcceleratorProbe("/nonexistent/qemu", "/nonexistent", TimeProvider.System);
        Assert.Equal(
            new AcceleratorChoice(Accelerator.Emulation, "asked for"),
            probe.Choose(allowKvm: false, null!, null!, "/nonexistent", _ => { }, CancellationToken.None));
    }
}
