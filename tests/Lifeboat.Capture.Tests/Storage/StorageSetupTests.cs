using Lifeboat.Capture.Storage;
using Lifeboat.Capture.Tests.Targets;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Tests.Storage;

public sealed class StorageSetupTests : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly FakeStorage _storage = new();
    private readonly TemporaryFolder _devices = new();
    private readonly List<string> _ran = [];
    private readonly List<string> _notes = [];
    private string? _refusal;

    public void Dispose()
    {
        _storage.Dispose();
        _devices.Dispose();
    }

    [Fact]
    public void A_step_runs_once_all_its_devices_are_there()
    {
        _storage.Disk("sda", wwid: "naa.5");
        StorageSetup setup = Setup(timer => _ = timer == 3 ? _storage.Disk("sdb", wwid: "naa.5") : null);
        setup.Run(Plan("a", Step("multipath", new StorageMember(StorageMember.Wwid, "naa.5", 2))), Timeout, CancellationToken.None);
        Assert.Equal(["/sbin/multipath -v1"], _ran);
        Assert.Equal(["multipath is set up"], _notes);
    }

    [Fact]
    public void What_is_missing_after_half_of_the_time_is_done_without_and_told()
    {
        _storage.Disk("sda", wwid: "naa.5");
        Setup().Run(Plan("a", Step("multipath", new StorageMember(StorageMember.Wwid, "naa.5", 2))), Timeout, CancellationToken.None);
        Assert.Equal(["multipath is set up without 1 of 2 with wwid naa.5"], _notes);
        Assert.Single(_ran);
    }

    [Fact]
    public void Members_are_told_by_what_lies_on_them()
    {
        var uuid = Guid.Parse("2f5b9c1e-0d3a-4c57-9d0e-3f1f4c6b8a11");
        _storage.Disk("vda");
        _devices.Write("vda", FileSystemProbeTests.MirrorHalf(uuid));
        Setup().Run(Plan("a", Step("mdadm", new StorageMember("linux_raid_member", $"{uuid}", 1))), Timeout, CancellationToken.None);
        Assert.Equal(["mdadm is set up"], _notes);
    }

    [Fact]
    public void A_step_that_two_targets_share_runs_once_and_fails_for_both()
    {
        StorageSetup setup = Setup(failure: "exit code 5");
        foreach (string target in (string[])["a", "b"])
        {
            Diagnostic failure = Assert.Throws<DiagnosticException>(
                () => setup.Run(Plan(target, Step("lvm")), Timeout, CancellationToken.None)).Diagnostics[0];
            Assert.Equal((CaptureDiagnostics.StorageNotUp, target, "exit code 5"), (failure.Id, failure.Where, failure.Found));
        }

        Assert.Single(_ran);
    }

    [Fact]
    public void Keys_are_taken_over_once_before_devices_are_opened_by_their_numbers()
    {
        var uuid = Guid.Parse("2f5b9c1e-0d3a-4c57-9d0e-3f1f4c6b8a11");
        _storage.Disk("vda");
        File.WriteAllText(Path.Combine(_storage.System, "class/block/vda/dev"), "254:0\n");
        _devices.Write("vda", FileSystemProbeTests.MirrorHalf(uuid));
        StorageStep first = Encrypted("one");
        var member = new StorageMember("linux_raid_member", $"{uuid}", 1);
        StorageSetup setup = Setup();
        setup.Run(Plan("a", first with { Members = [member] }, Encrypted("two") with { Members = [member] }), Timeout, CancellationToken.None);
        Assert.Equal(["take keys", "/sbin/dmsetup one 254:0", "/sbin/dmsetup two 254:0"], _ran);
    }

    [Fact]
    public void A_key_that_was_not_handed_over_is_told()
    {
        _refusal = "EINVAL";
        DiagnosticException failure = Assert.Throws<DiagnosticException>(() => Setup().Run(Plan("a", Encrypted("one")), Timeout, CancellationToken.None));
        Assert.Equal("the key vk was not handed over: EINVAL", failure.Diagnostics[0].Found);
        Assert.Equal(["take keys"], _ran);
    }

    private static StorageStep Encrypted(string name) => new(name, [], "/sbin/dmsetup", [name, StorageSetup.Device]) { Key = "vk" };

    [Fact]
    public void What_device_mapper_has_made_gets_its_name()
    {
        _storage.Mapped("dm-3", "vg-crash", "LVM-x");
        Setup().Run(Plan("a", Step("lvm")), Timeout, CancellationToken.None);
        Assert.Equal("../dm-3", new FileInfo(_devices.Combine("mapper/vg-crash")).LinkTarget);
    }

    [Fact]
    public void A_deadline_ends_the_waiting()
    {
        using var deadline = new CancellationTokenSource();
        deadline.Cancel();
        Assert.Throws<OperationCanceledException>(() => Setup().Run(
            Plan("a", Step("lvm", new StorageMember("LVM2_member", "pv", 1))), Timeout, deadline.Token));
        Assert.Empty(_ran);
    }

    private static StoragePlan Plan(string target, params StorageStep[] steps) => new(target, steps);

    private static StorageStep Step(string name, params StorageMember[] members) => new(name, members, $"/sbin/{name}", ["-v1"]);

    private StorageSetup Setup(Action<int>? onTimer = null, string? failure = null) => new(
        new ImpatientTime(onTimer), _notes.Add, Run(failure), _storage.System, _devices.Path)
    {
        TakeKeys = () =>
        {
            _ran.Add("take keys");
            return _refusal;
        },
    };

    private Func<string, string[], TimeSpan, string?> Run(string? failure) => (program, arguments, _) =>
    {
        _ran.Add($"{program} {string.Join(' ', arguments)}");
        return failure;
    };
}
