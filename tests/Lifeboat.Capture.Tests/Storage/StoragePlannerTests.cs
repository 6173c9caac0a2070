using Lifeboat.Capture.Storage;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Tests.Storage;

public sealed class StoragePlannerTests : IDisposable
{
    private readonly FakeStorage _storage = new();

    public void Dispose() => _storage.Dispose();

    [Fact]
    public void Each_layer_is_a_step_of_its_own_tool_with_what_is_loaded_now()
    {
        _storage.Disk("vda", "linux_raid_member", "a-uuid").Disk("vdb", "linux_raid_member", "a-uuid")
            .Array("md5", "raid5", "1.2", "vda", "vdb").Holds("md5", "LVM2_member", "pv").Mapped("dm-0", "vg-crash", "LVM-x", "md5")
            .Module("dm_mod").Module("raid456").Module("raid1").Module("dm_builtin", isLoaded: false).Module("ext4");
        string root = _storage.Root("usr/sbin/mdadm", "sbin/lvm", "etc/lvm/lvm.conf", "etc/mdadm.conf");
        var planner = StoragePlanner.For("LABEL=crash", _storage.Stack("/dev/dm-0"), _storage.System, root);
        Assert.Equal("LABEL=crash is the volume vg/crash of LVM", planner.Reason);
        Assert.Equal(["/usr/sbin/mdadm", "/sbin/lvm"], planner.Programs);
        Assert.Equal(["/etc/mdadm.conf", "/etc/lvm/lvm.conf"], planner.Files);
        Assert.Equal(["raid456", "raid1", "dm_mod"], planner.Modules);
        Assert.Equal(["--assemble", "--run", "--uuid=a-uuid", "/dev/md5"], planner.Plan.Steps[0].Arguments);
        Assert.Equal("vg/crash", planner.Plan.Steps[1].Arguments[^1]);
        Assert.Equal(2, planner.Plan.Steps[0].Members[0].Count);
    }

    [Fact]
    public void A_thin_volume_needs_the_program_that_checks_its_pool()
    {
        _storage.Disk("vda", "LVM2_member", "pv").Mapped("dm-2", "vg-pool-tpool", "LVM-x-tpool", "vda").Mapped("dm-4", "vg-crash", "LVM-y", "dm-2");
        Diagnostic refusal = Refusal("/dev/dm-4", _storage.Root("usr/sbin/lvm"));
        Assert.Equal(CaptureDiagnostics.StorageToolMissing, refusal.Id);
        Assert.Contains("thin-provisioning-tools", refusal.Remedy, StringComparison.Ordinal);
        Assert.Equal(
            ["/usr/sbin/thin_check", "/usr/sbin/lvm"],
            StoragePlanner.For("x", _storage.Stack("/dev/dm-4"), _storage.System, _storage.Root("usr/sbin/thin_check")).Programs);
    }

    [Fact]
    public void An_encrypted_device_is_refused_before_the_crash_with_the_reason()
    {
        _storage.Disk("vda", "crypto_LUKS", "u").Mapped("dm-0", "secret", "CRYPT-LUKS2-0123-secret", "vda");
        var tools = new StorageTools(_storage.Root()) { HandsKeysOver = static () => false };
        Diagnostic refusal = Assert.Throws<DiagnosticException>(
            () => StoragePlanner.For("x", _storage.Stack("/dev/dm-0"), tools, _storage.System, _storage.Root())).Diagnostics[0];
        Assert.Equal(CaptureDiagnostics.StorageNotCarried, refusal.Id);
        Assert.Contains("the encrypted device secret", refusal.Where, StringComparison.Ordinal);
        Assert.Contains("key", refusal.What, StringComparison.Ordinal);
    }

    [Fact]
    public void An_encrypted_device_is_opened_with_the_key_that_the_kernel_hands_over()
    {
        StoragePlanner planner = Encrypted("0 112640 crypt aes-xts-plain64 :64:logon:cryptsetup:0123-d0 0 254:32 32768 1 allow_discards\n");
        StorageStep step = Assert.Single(planner.Plan.Steps);
        Assert.Equal("kdump-cryptsetup:vk-01-23", step.Key);
        Assert.Equal(
            ["create", "secret", "--noudevsync", "--uuid", "CRYPT-LUKS2-0123-secret", "--table",
                "0 112640 crypt aes-xts-plain64 :64:user:kdump-cryptsetup:vk-01-23 0 {device} 32768 1 allow_discards"],
            step.Arguments);
        Assert.Equal(["dm_crypt", "xts", "aesni_intel"], planner.Modules);
        Assert.Equal(planner.Plan.ToText(), Assert.Single(StoragePlan.ParseAll(planner.Plan.ToText(), "f")).ToText());
        Assert.Equal(["kdump-cryptsetup:vk-01-23"], StoragePlan.KeysOf([planner.Plan, planner.Plan]));
    }

    [Fact]
    public void A_key_in_hexadecimal_is_as_long_as_its_zeros() =>
        Assert.Contains(
            " :2:user:", Encrypted("0 8 crypt aes-cbc-essiv:sha256 0000 0 254:32 4096").Plan.Steps[0].Arguments[^1], StringComparison.Ordinal);

    [Theory]
    [InlineData("", true, "a table that is not")]
    [InlineData("0 8 linear 254:32 0", true, "a table that is not")]
    [InlineData("0 8 crypt aes-xts-plain64 - 0 254:32 0", true, "a table that is not")]
    [InlineData("0 8 crypt aes-xts-plain64 :64:logon:a 0 254:32 0\n8 8 crypt aes-xts-plain64 :64:logon:a 0 254:32 8", true, "a table that is not")]
    [InlineData("0 8 crypt aes-xts-plain64 :64:logon:a 0 254:32 0", false, "no key kdump-cryptsetup:vk-01-23 of type logon")]
    public void What_cannot_be_opened_so_is_refused(string table, bool hasKey, string found) => Assert.Contains(
        found, Assert.Throws<DiagnosticException>(() => Encrypted(table, hasKey)).Diagnostics[0].Found, StringComparison.Ordinal);

    private StoragePlanner Encrypted(string table, bool hasKey = true)
    {
        _storage.Disk("vda", "crypto_LUKS", "01-23").Mapped("dm-0", "secret", "CRYPT-LUKS2-0123-secret", "vda").Module("dm_crypt");
        string root = _storage.Root("usr/sbin/dmsetup", "proc/crypto");
        File.WriteAllText(Path.Combine(root, "proc/crypto"), "name : xts(aes)\nmodule       : xts\n\nmodule       : kernel\nmodule       : aesni_intel\nmodule       : xts\n");
        var tools = new StorageTools(root) { HandsKeysOver = static () => true, HasKey = _ => hasKey, TableOf = (_, name) => name == "secret" ? table : null };
        return StoragePlanner.For("x", _storage.Stack("/dev/dm-0"), tools, _storage.System, root);
    }

    private Diagnostic Refusal(string device, string root) =>
        Assert.Throws<DiagnosticException>(() => StoragePlanner.For("x", _storage.Stack(device), _storage.System, root)).Diagnostics[0];
}
