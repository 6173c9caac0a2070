using Lifeboat.Capture.Storage;
using Lifeboat.Capture.Targets;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Tests.Storage;

/// <summary>Trees are those of Debian's 6.12 with open-iscsi 2.1.8 and nvme-cli 2.3.</summary>
public sealed class NetworkDiskTests : IDisposable
{
    private const string Session = "devices/platform/host0/session1";
    private const string Controller = "devices/virtual/nvme-fabrics/ctl/nvme0";
    private const string Subsystem = "devices/virtual/nvme-subsystem/nvme-subsys0";

    private readonly TemporaryFolder _system = new();

    public void Dispose() => _system.Dispose();

    [Fact]
    public void A_disk_of_an_iSCSI_target_is_connected_to_as_the_running_machine_did()
    {
        Iscsi();
        StorageLayer way = Assert.Single(Ways("sda"));
        Assert.Equal(StorageLayerKind.Iscsi, way.Kind);
        Assert.Equal("iqn.2026-11.example:crash", way.Name);
        Assert.Equal(["iscsi_tcp", "sd_mod"], way.Modules);
        Assert.Equal("192.0.2.7", way.Connection!.Host);
        Assert.Equal(
            "-i iqn.2026-11.example:host -t iqn.2026-11.example:crash -g 1 -a 192.0.2.7 -p 13260 -P node.session.timeo.replacement_timeout=1",
            string.Join(' ', way.Connection.Arguments));
    }

    [Fact]
    public void The_secrets_of_a_session_go_along_and_are_not_said()
    {
        Iscsi();
        Write($"{Session}/iscsi_session/session1/username", "crasher");
        Write($"{Session}/iscsi_session/session1/password", "with blank 12");
        Write($"{Session}/iscsi_session/session1/username_in", "target");
        Write($"{Session}/iscsi_session/session1/password_in", "othersecret12");
        StorageStack stack = StorageStack.Of(["/dev/sda"], _ => null, _system.Path);
        Write("usr/sbin/iscsistart", "");
        var planner = StoragePlanner.For("UUID=1", stack, _system.Path, _system.Path);
        StorageStep step = Assert.Single(planner.Plan.Steps);
        Assert.Equal("/usr/sbin/iscsistart", step.Program);
        Assert.Equal("crasher", After("-u"));
        Assert.Equal("with blank 12", After("-w"));
        Assert.Equal("target", After("-U"));
        Assert.Equal("othersecret12", After("-W"));
        Assert.Equal(["192.0.2.7"], planner.Plan.Hosts);
        Assert.DoesNotContain("with blank", step.Name + planner.Reason, StringComparison.Ordinal);
        StoragePlan read = Assert.Single(StoragePlan.ParseAll(planner.Plan.ToText(), "plan"));
        Assert.Equal(planner.Plan.ToText(), read.ToText());
        Assert.Equal("192.0.2.7", read.Steps[0].Host);

        string After(string option) => step.Arguments[step.Arguments.ToList().IndexOf(option) + 1];
    }

    [Fact]
    public void A_target_that_was_asked_by_its_name_is_connected_to_by_its_address()
    {
        Iscsi();
        Write($"{Session}/connection1:0/iscsi_connection/connection1:0/persistent_address", "san.example");
        Write($"{Session}/connection1:0/iscsi_connection/connection1:0/persistent_port", "3260");
        IReadOnlyList<string> arguments = Assert.Single(Ways("sda")).Connection!.Arguments;
        Assert.Contains("192.0.2.8", arguments);
        Assert.Contains("860", arguments);
    }

    [Theory]
    [InlineData("scsi_host/host0/proc_name", "bnx2i", "iSCSI by bnx2i")]
    [InlineData("session1/iscsi_session/session1/targetname", "(null)", "no targetname")]
    [InlineData("session1/iscsi_session/session1/username", "a\u0007b", "a character of the value 7")]
    [InlineData("session1/iscsi_session/session1/password", "a\nprogram /bin/sh", "a character of the value 10")]
    [InlineData("session1/connection1:0/iscsi_connection/connection1:0/persistent_port", "", "no persistent_port")]
    public void What_a_capture_kernel_could_not_log_in_with_is_refused(string file, string text, string found)
    {
        Iscsi();
        Write("devices/platform/host0/" + file, text);
        DiagnosticException refusal = Assert.Throws<DiagnosticException>(() => Ways("sda"));
        Assert.Equal(CaptureDiagnostics.StorageNotCarried, refusal.Diagnostics[0].Id);
        Assert.StartsWith(found, refusal.Diagnostics[0].Found, StringComparison.Ordinal);
    }

    [Fact]
    public void A_session_without_a_connection_is_refused()
    {
        Iscsi();
        Directory.Delete(_system.Combine(Session, "connection1:0"), recursive: true);
        Assert.Throws<DiagnosticException>(() => Ways("sda"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_namespace_of_NVMe_over_TCP_is_connected_to_by_the_kernel(bool hasMultipath)
    {
        Nvme(hasMultipath);
        StorageLayer way = Assert.Single(Ways("nvme0n1"));
        Assert.Equal(StorageLayerKind.NvmeTcp, way.Kind);
        Assert.Equal("192.0.2.7", way.Connection!.Host);
        Assert.Equal(
            "transport=tcp,traddr=192.0.2.7,trsvcid=4420,nqn=nqn.2026-11.example:crash,hostnqn=nqn.2014-08.org.nvmexpress:uuid:1,"
            + "hostid=a53a8795-a1ad-4dfc-8daa-61d8071530de,reconnect_delay=5,ctrl_loss_tmo=45",
            Assert.Single(way.Connection.Arguments));
        var planner = StoragePlanner.For("UUID=1", StorageStack.Of(["/dev/nvme0n1"], _ => null, _system.Path), _system.Path, _system.Path);
        Assert.Equal(NvmeFabrics.Device, Assert.Single(planner.Plan.Steps).Program);
        Assert.Empty(planner.Programs);
        Assert.Equal(["nvme_tcp"], planner.Modules);
        Assert.Equal(planner.Plan.ToText(), Assert.Single(StoragePlan.ParseAll(planner.Plan.ToText(), "plan")).ToText());
    }

    [Fact]
    public void Each_controller_of_a_namespace_is_a_way_to_it()
    {
        Nvme(hasMultipath: true);
        Add("nvme1", "traddr=192.0.2.9,trsvcid=4420");
        Assert.Equal(["192.0.2.7", "192.0.2.9"], Ways("nvme0n1").Select(way => way.Connection!.Host));
    }

    [Theory]
    [InlineData("transport", "rdma", "NVMe by rdma")]
    [InlineData("dhchap_secret", "DHHC-1:00:abc:", "NVMe with a secret")]
    [InlineData("tls_key", "1f2e3d", "NVMe through TLS")]
    [InlineData("subsysnqn", "a,hostnqn=b", "a comma in")]
    [InlineData("address", "traddr=fe80::1%eth0,trsvcid=4420", "fe80::1%eth0 for its host's address")]
    [InlineData("address", "trsvcid=4420", "nothing for its host's address")]
    public void A_controller_that_a_capture_kernel_could_not_connect_to_is_refused(string file, string text, string found)
    {
        Nvme(hasMultipath: true);
        Write($"{Controller}/{file}", text);
        DiagnosticException refusal = Assert.Throws<DiagnosticException>(() => Ways("nvme0n1"));
        Assert.StartsWith(found, refusal.Diagnostics[0].Found, StringComparison.Ordinal);
        Assert.DoesNotContain("DHHC", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_disk_of_this_machine_has_no_way_over_the_network_and_a_namespace_all_its_controllers_drivers()
    {
        const string Bus = "devices/pci0000:00/0000:00:04.0";
        Nvme(hasMultipath: true);
        Write($"{Controller}/transport", "pcie");
        Directory.Delete(_system.Combine("class/nvme/nvme0"));
        Directory.CreateDirectory(_system.Combine(Bus, "nvme/nvme0"));
        Directory.CreateDirectory(_system.Combine("bus/pci/drivers/nvme"));
        Directory.CreateDirectory(_system.Combine("module/nvme"));
        Link("class/nvme/nvme0", $"{Bus}/nvme/nvme0");
        Link($"{Bus}/driver", "bus/pci/drivers/nvme");
        Link("bus/pci/drivers/nvme/module", "module/nvme");
        Assert.Empty(Ways("nvme0n1"));
        Assert.Equal(["nvme"], BlockDeviceDrivers.Of("/dev/nvme0n1", _system.Path));
    }

    [Theory]
    [InlineData("host san.example")]
    [InlineData("host 192.0.2.7\nhost 192.0.2.8")]
    [InlineData("program /bin/true\nhost 192.0.2.7")]
    public void A_plan_with_a_host_that_is_none_or_out_of_place_is_refused(string lines) =>
        Assert.Throws<DiagnosticException>(() => StoragePlan.ParseAll($"target UUID=1\nstep one\n{lines}\nprogram /bin/true\n", "plan"));

    private IReadOnlyList<StorageLayer> Ways(string disk) => NetworkDisk.WaysTo(disk, _system.Path);

    private void Iscsi()
    {
        const string Disk = $"{Session}/target0:0:0/0:0:0:1/block/sda";
        Directory.CreateDirectory(_system.Combine(Disk));
        Link("class/block/sda", Disk);
        Write("devices/platform/host0/scsi_host/host0/proc_name", "iscsi_tcp");
        foreach ((string name, string text) in ((string, string)[])[("targetname", "iqn.2026-11.example:crash"), ("tpgt", "1"),
            ("initiatorname", "iqn.2026-11.example:host"), ("username", "(null)"), ("password", "(null)")])
        {
            Write($"{Session}/iscsi_session/session1/{name}", text);
        }

        foreach ((string name, string text) in ((string, string)[])[("address", "192.0.2.8"), ("port", "860"),
            ("persistent_address", "192.0.2.7"), ("persistent_port", "13260")])
        {
            Write($"{Session}/connection1:0/iscsi_connection/connection1:0/{name}", text);
        }
    }

    private void Nvme(bool hasMultipath)
    {
        string disk = $"{(hasMultipath ? Subsystem : Controller)}/nvme0n1";
        Directory.CreateDirectory(_system.Combine(disk));
        Link("class/block/nvme0n1", disk);
        Write($"{Subsystem}/subsysnqn", "nqn.2026-11.example:crash");
        Add("nvme0", "traddr=192.0.2.7,trsvcid=4420,src_addr=192.0.2.1");
    }

    private void Add(string controller, string address)
    {
        string folder = $"devices/virtual/nvme-fabrics/ctl/{controller}";
        foreach ((string name, string text) in ((string, string)[])[("transport", "tcp"), ("address", address),
            ("subsysnqn", "nqn.2026-11.example:crash"), ("hostnqn", "nqn.2014-08.org.nvmexpress:uuid:1"),
            ("hostid", "a53a8795-a1ad-4dfc-8daa-61d8071530de"), ("dhchap_secret", "none")])
        {
            Write($"{folder}/{name}", text);
        }

        Link($"{Subsystem}/{controller}", folder);
        Link($"class/nvme/{controller}", folder);
    }

    private void Write(string path, string text)
    {
        string file = _system.Combine(path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text + "\n");
    }

    private void Link(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_system.Combine(from))!);
        Directory.CreateSymbolicLink(_system.Combine(from), _system.Combine(to));
    }
}
