using System.IO.Compression;
using Lifeboat.Kexec.Images;
using Lifeboat.Kexec.Loading;
using Lifeboat.Kexec.Status;
using Lifeboat.Kexec.Tests.Support;

namespace Lifeboat.Kexec.Tests.Loading;

public sealed class LoaderChoiceTests
{
    private static readonly LoaderImage Signed = new("bzImage", IsBzImage: true, IsSigned: true);

    [Fact]
    public void Takes_kexec_load_when_nothing_forbids_it()
    {
        Assert.Equal(KexecCall.KexecLoad, Choose(new KexecStatus()).Call);
        Assert.Equal(KexecCall.KexecLoad, Choose(new KexecStatus { Lockdown = "none", SecureBoot = true, KernelHasKexecFileLoad = true }).Call);
    }

    [Theory]
    [InlineData("integrity")]
    [InlineData("confidentiality")]
    public void Takes_kexec_file_load_under_lockdown_and_says_what_a_missing_signature_means(string mode)
    {
        LoaderChoice choice = Choose(new KexecStatus { Lockdown = mode });
        Assert.Equal(KexecCall.KexecFileLoad, choice.Call);
        Assert.Equal($"the kernel is locked down ({mode}), which forbids kexec_load", choice.Reason);
        choice = LoaderChoice.Choose(null, new KexecStatus { Lockdown = mode }, Signed with { IsSigned = false }, onCrash: true);
        Assert.EndsWith("; the image has no signature, so only IMA could vouch for it", choice.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Takes_kexec_file_load_where_keys_are_handed_over() =>
        Assert.Equal(KexecCall.KexecFileLoad, LoaderChoice.Choose(null, new KexecStatus(), Signed, onCrash: true, handsKeysOver: true).Call);

    [Fact]
    public void Takes_the_call_that_the_kernel_was_built_with()
    {
        Assert.Equal(KexecCall.KexecFileLoad, Choose(new KexecStatus { KernelHasKexecLoad = false, KernelHasKexecFileLoad = true }).Call);
        Assert.Equal(KexecCall.KexecLoad, Choose(new KexecStatus { KernelHasKexecFileLoad = false, Lockdown = "integrity" }).Call);
    }

    [Fact]
    public void Takes_kexec_file_load_where_Secure_Boot_is_on_and_lockdown_does_not_say() =>
        Assert.Equal(KexecCall.KexecFileLoad, Choose(new KexecStatus { SecureBoot = true }).Call);

    [Fact]
    public void Takes_kexec_file_load_for_crash_memory_in_CMA_but_not_for_a_reboot()
    {
        var status = new KexecStatus { CmaRanges = [TestPlans.Range(0x40000000, 0x50000000)] };
        Assert.Equal(KexecCall.KexecFileLoad, Choose(status).Call);
        Assert.Equal(KexecCall.KexecLoad, LoaderChoice.Choose(null, status, Signed, onCrash: false).Call);
    }

    [Fact]
    public void Takes_kexec_load_for_what_is_no_bzImage_even_under_lockdown()
    {
        LoaderChoice choice = LoaderChoice.Choose(
            null, new KexecStatus { Lockdown = "integrity" }, new LoaderImage("ELF vmlinux", IsBzImage: false, IsSigned: false), onCrash: true);
        Assert.Equal((KexecCall.KexecLoad, "kexec_file_load knows only bzImage, and this is ELF vmlinux"), (choice.Call, choice.Reason));
    }

    [Fact]
    public void Takes_what_was_asked_for() => Assert.Equal(
        new LoaderChoice(KexecCall.KexecLoad, "asked for with --call"),
        LoaderChoice.Choose(KexecCall.KexecLoad, new KexecStatus { Lockdown = "integrity" }, Signed, onCrash: true));

    [Fact]
    public void The_names_of_the_calls_go_back_and_forth()
    {
        Assert.Null(KexecCallNames.Parse("auto"));
        Assert.All(KexecCallNames.All.Skip(1), name => Assert.Equal(name, KexecCallNames.NameOf(KexecCallNames.Parse(name)!.Value)));
        Assert.Throws<ArgumentException>(() => KexecCallNames.Parse("kexec"));
    }

    [Fact]
    public void Debian_s_kernels_are_signed_and_one_without_its_certificates_is_not()
    {
        foreach (string path in TestKernels.Images())
        {
            byte[] image = File.ReadAllBytes(path);
            Assert.True(LoaderImage.Of(KernelFile.Open(image, path)).IsSigned, path);
            int header = BitConverter.ToInt32(image, 0x3c);
            image.AsSpan(header + 24 + 112 + 32, 8).Clear();
            Assert.False(LoaderImage.Of(KernelFile.Open(image, path)).IsSigned);
        }
    }

    [Fact]
    public void A_PE_header_that_points_anywhere_is_no_signature()
    {
        var random = new Random(7);
        for (int i = 0; i < 2000; i++)
        {
            var bytes = new byte[random.Next(0, 600)];
            random.NextBytes(bytes);
            "MZ"u8[..Math.Min(2, bytes.Length)].CopyTo(bytes);
            Assert.False(LoaderImage.HasCertificates(bytes));
        }
    }

    [Fact]
    public void What_a_kernel_was_built_with_is_read_from_itself_where_it_is_not_installed()
    {
        using var tree = new MachineTree();
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write("CONFIG_KEXEC=y\n# CONFIG_KEXEC_FILE is not set\nCONFIG_KEXEC_SIG=y\n"u8);
        }

        tree.Write("proc/config.gz", packed.ToArray());
        KexecStatus status = KexecStatus.Read(tree.Root);
        Assert.True(status.KernelHasKexecLoad);
        Assert.False(status.KernelHasKexecFileLoad);
        Assert.Equal(SignaturePolicy.RequiredUnderLockdown, status.Signatures);
    }

    [Fact]
    public void Secure_Boot_lockdown_and_hotplug_are_read_from_where_they_are_told()
    {
        using var tree = new MachineTree();
        tree.Write("sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c", [6, 0, 0, 0, 1]);
        tree.Write("proc/cmdline", "ro lockdown=integrity\n");
        tree.Write("sys/kernel/crash_elfcorehdr_size", "917616\n");
        tree.Write("sys/devices/system/cpu/crash_hotplug", "1\n");
        KexecStatus status = KexecStatus.Read(tree.Root);
        Assert.Equal((true, "integrity", 917616UL, true), (status.SecureBoot, status.Lockdown, status.HotplugHeaderSize?.Value, status.HotplugUpdates));
        tree.Write("sys/kernel/security/lockdown", "[none] integrity confidentiality\n");
        Assert.Equal("none", KexecStatus.Read(tree.Root).Lockdown);
    }

    private static LoaderChoice Choose(KexecStatus status) => LoaderChoice.Choose(null, status, Signed, onCrash: true);
}
