using System.IO.Compression;
using System.Text;
using Lifeboat.Kexec.Machine;
using Lifeboat.Kexec.Rules;
using Lifeboat.Kexec.Tests.Support;

namespace Lifeboat.Kexec.Tests.Rules;

public sealed class EnvironmentReaderTests
{
    private const string Config = "CONFIG_KEXEC=y\nCONFIG_KEXEC_FILE=y\n# CONFIG_KEXEC_JUMP is not set\nCONFIG_KEXEC_SIG=y\nCONFIG_IMA_APPRAISE=y\n";

    [Theory]
    [InlineData("boot/config-6.1.0-56-amd64")]
    [InlineData("lib/modules/6.1.0-56-amd64/config")]
    [InlineData("proc/config.gz")]
    public void What_the_kernel_was_built_with_is_read_from_where_it_lies(string file)
    {
        using var tree = new MachineTree();
        tree.Write(file, file.EndsWith(".gz", StringComparison.Ordinal) ? Gzip(Config) : Encoding.UTF8.GetBytes(Config));
        KexecEnvironment environment = KexecEnvironment.ReadLive(tree.Root);
        Assert.Equal(
            (true, true, false, true, false),
            (environment.HasKexecLoad, environment.HasKexecFileLoad, environment.HasKexecJump,
                environment.ChecksSignatures, environment.ForcesSignatures));
        Assert.Equal(new KernelVersion(6, 1), environment.Version);
    }

    [Fact]
    public void Who_calls_and_what_forbids_it_is_read()
    {
        using var tree = new MachineTree();
        tree.Write("boot/config-6.1.0-56-amd64", Config);
        tree.Write("proc/self/status", "Name:\tx\nCapEff:\t0000000000400000\nSeccomp:\t2\n");
        tree.Write("proc/self/uid_map", "         0     100000      65536\n");
        tree.Write("proc/sys/kernel/kexec_load_disabled", "1\n");
        tree.Write("proc/sys/kernel/kexec_load_limit_panic", "3\n");
        tree.Write("sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
        tree.Write("sys/kernel/security/ima/policy", "measure func=BPRM_CHECK\nappraise func=KEXEC_KERNEL_CHECK appraise_type=imasig\n");
        tree.Write("sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c", [6, 0, 0, 0, 1]);
        KexecEnvironment environment = KexecEnvironment.ReadLive(tree.Root);
        Assert.Equal(
            (true, true, true, true, 3L, "integrity", true, true),
            (environment.HasSysBootCapability, environment.HasSeccompFilter, environment.InUserNamespace,
                environment.LoadDisabled, environment.LoadLimitPanic, environment.Lockdown,
                environment.ImaAppraisesKernels, environment.SecureBoot));
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(2, false)]
    [InlineData(1, null)]
    [InlineData(0, null)]
    public void Where_the_firmware_s_variables_are_not_mounted_the_kernel_tells_of_Secure_Boot(byte told, bool? isOn)
    {
        using var tree = new MachineTree();
        var bootParams = new byte[4096];
        bootParams[0x1ec] = told;
        tree.Write("sys/kernel/boot_params/data", bootParams);
        Assert.Equal(isOn, KexecEnvironment.ReadLive(tree.Root).SecureBoot);
    }

    [Fact]
    public void Of_a_machine_that_tells_nothing_nothing_is_known()
    {
        using var tree = new MachineTree();
        tree.Delete("proc/iomem");
        tree.Delete("proc/sys/kernel/osrelease");
        KexecEnvironment environment = KexecEnvironment.ReadLive(tree.Root);
        Assert.Equal(new KexecEnvironment() with { MappedMemory = environment.MappedMemory }, environment);
    }

    [Theory]
    [InlineData("6.12.117+deb12-amd64", 6, 12)]
    [InlineData("5.10-rc3", 5, 10)]
    [InlineData("7.0.0", 7, 0)]
    public void A_release_has_a_version(string release, int major, int minor) =>
        Assert.Equal(new KernelVersion(major, minor), KernelVersion.Of(release));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("next")]
    [InlineData("6.x")]
    [InlineData("99999999999.1")]
    public void What_is_no_release_has_none(string? release) => Assert.Null(KernelVersion.Of(release));

    private static byte[] Gzip(string text)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionMode.Compress))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return stream.ToArray();
    }
}
