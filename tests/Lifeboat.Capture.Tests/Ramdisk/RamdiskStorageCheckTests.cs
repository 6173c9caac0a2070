using Lifeboat.Capture.Ramdisk;
using Lifeboat.Capture.Settings;
using Lifeboat.Capture.Storage;
using Lifeboat.Capture.Tests.Storage;

namespace Lifeboat.Capture.Tests.Ramdisk;

public sealed class RamdiskStorageCheckTests : IDisposable
{
    private const string Target = "UUID=2f5b9c1e-0d3a-4c57-9d0e-3f1f4c6b8a11";

    private readonly TestRamdisk _ramdisk = new();
    private readonly FakeStorage _storage = new();

    public RamdiskStorageCheckTests() =>
        _storage.Disk("vda", "LVM2_member", "pv").Mapped("dm-0", "vg-crash", "LVM-x", "vda").Mapped("dm-1", "secret", "CRYPT-LUKS2-x", "vda");

    public void Dispose()
    {
        _ramdisk.Dispose();
        _storage.Dispose();
    }

    [Fact]
    public void A_program_of_the_plan_that_is_not_in_the_ramdisk_is_an_error()
    {
        SettingFinding finding = Assert.Single(Check("dm-0", Now("dm-0")));
        Assert.Equal((true, CaptureDiagnostics.StorageToolMissing, "/usr/sbin/lvm"), (finding.IsError, finding.Diagnostic.Id, finding.Diagnostic.Expected));
    }

    [Fact]
    public void A_target_that_has_come_to_lie_on_something_else_is_an_error()
    {
        SettingFinding finding = Assert.Single(Check("dm-0", null));
        Assert.Equal((true, CaptureDiagnostics.StorageDiffers), (finding.IsError, finding.Diagnostic.Id));
        Assert.Equal("the volume vg/crash of LVM of LVM2_member pv", finding.Diagnostic.Found);
        Assert.Equal("a disk or a partition", finding.Diagnostic.Expected);
        Assert.Equal(2, Check("vda", Now("dm-0")).Count);
    }

    [Fact]
    public void What_could_not_be_set_up_any_more_is_an_error() =>
        Assert.Contains(Check("dm-1", null), static finding => finding.IsError && finding.Diagnostic.Id == CaptureDiagnostics.StorageNotCarried);

    [Fact]
    public void A_damaged_plan_is_an_error() =>
        Assert.Contains(Check("vda", "hello"), static finding => finding.IsError && finding.Diagnostic.Id == CaptureDiagnostics.BadStoragePlan);

    private string Now(string device) => Plan(Target, _storage.Stack($"/dev/{device}")).Plan.ToText();

    private StoragePlanner Plan(string target, StorageStack stack) =>
        StoragePlanner.For(target, stack, _storage.System, _storage.Root("usr/sbin/lvm"));

    private IReadOnlyList<SettingFinding> Check(string device, string? plan) => RamdiskCheck.Of(
        RamdiskContents.Read(_ramdisk.Build(storage: plan), "x"),
        new RamdiskSurroundings { FindDevice = _ => $"/dev/{device}", StackOf = _storage.Stack, PlanStorage = Plan });
}
