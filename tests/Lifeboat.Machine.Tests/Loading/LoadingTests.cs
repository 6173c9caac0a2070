using System.Text.Json;

namespace Lifeboat.Machine.Tests.Loading;

/// <summary>Both calls on real kernels: what they take, and how a refusal is explained.</summary>
public sealed class LoadingTests
{
    private const string Arm = $"arm {LiveGuestSetup.Kernel} --ramdisk {LiveGuestSetup.Ramdisk}";
    private const string Load = $"{Arm} --call kexec_load";
    private const string FileLoad = $"{Arm} --call kexec_file_load";

    [Theory]
    [InlineData("6.1")]
    [InlineData("6.12")]
    public void A_crash_is_captured_by_what_kexec_file_load_has_loaded(string series)
    {
        if (series == "6.1")
        {
            TestMachine.RequireNightly();
        }

        DrillResult drill = DrillResult.Run(TestMachine.Kernel(series), "--call", "kexec_file_load", "--memory", "1G").MustEndWith(0);
        Assert.Equal(
            "by kexec_file_load, where the kernel chose",
            drill.Document.GetProperty("milestones").EnumerateArray()
                .Single(entry => entry.GetProperty("stage").GetString() == "Arm").GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("6.1", "0x3e0001")]
    [InlineData("6.12", "0x3e0005")]
    public void Either_call_loads_and_either_s_image_is_unloaded(string series, string flags)
    {
        List<ProgramResult> results = LiveGuest.Run(
            TestMachine.Kernel(series),
            new LiveGuestSetup { WithCaptureKernel = true, MemoryMiB = 768, Append = "crashkernel=160M" },
            $"{Arm} --json",
            "crashkernel shrink 128M",
            "arm --refresh",
            FileLoad,
            "status",
            "disarm",
            "arm --refresh",
            $"{FileLoad} --dry-run --json",
            $"{Arm} --ramdisk {LiveGuestSetup.Ramdisk} --call kexec_file_load",
            Load,
            "crashkernel --json",
            "disarm",
            "crashkernel shrink 128M",
            "crashkernel --json");
        Exits(results, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        JsonElement plan = Document(results[0]);
        Assert.Equal(("kexec_load", flags), (plan.GetProperty("call").GetString(), plan.GetProperty("flags").GetString()));
        Says(results[1], "A crash image is loaded into the reservation");
        Says(results[2], series == "6.1" ? "the machine is as it was" : "the kernel keeps what is loaded up to date by itself");
        Says(results[3], "By kexec_file_load: asked for with --call");
        Says(results[4], "Armed: a panic starts the capture kernel");
        Says(results[6], "Nothing to refresh: lifeboat has loaded nothing since this machine was booted");
        JsonElement files = Document(results[7]);
        Assert.Equal(("0x2", true), (files.GetProperty("flags").GetString(), files.GetProperty("fileItself").GetBoolean()));
        JsonElement armed = Document(results[10]);
        Assert.True(armed.GetProperty("loaded").GetBoolean());
        Assert.InRange(armed.GetProperty("loadedBytes").GetUInt64(), 10UL << 20, 100UL << 20);
        Assert.Equal(160UL << 20, armed.GetProperty("reservedBytes").GetUInt64());
        Says(results[12], "128 MiB are reserved now");
        Assert.Equal(128UL << 20, Document(results[13]).GetProperty("reservedBytes").GetUInt64());
    }

    [Fact]
    public void Under_lockdown_kexec_load_is_refused_and_so_is_a_signature_by_an_unknown_key()
    {
        List<ProgramResult> results = LiveGuest.Run(
            TestMachine.Kernel("6.1"),
            new LiveGuestSetup { WithCaptureKernel = true, Append = "crashkernel=128M lockdown=integrity" },
            Load, Arm, "status", "disarm");
        Exits(results, 5, 5, 3, 0);
        Says(results[0], "kexec_load /lib/lifeboat/vmlinuz: EPERM");
        Says(results[0], "Rule not-locked-down: the kernel is not locked down. Found: it is locked down (integrity)");

        // Debian's kernel has Debian's signature, whose key the kernel gets from shim under Secure Boot only.
        Says(results[1], "kexec_file_load /lib/lifeboat/vmlinuz: EPERM");
        Says(results[1], "this one's is by none of the keys that the kernel trusts");
    }

    [Fact]
    public void Under_Secure_Boot_kexec_file_load_takes_a_kernel_that_is_signed_and_is_what_auto_chooses()
    {
        List<ProgramResult> results = LiveGuest.Run(
            TestMachine.Kernel("6.1"),
            new LiveGuestSetup { WithCaptureKernel = true, HasSecureBoot = true, MemoryMiB = 1024, Append = "crashkernel=160M" },
            Arm, "status", "disarm", Load);
        Exits(results, 0, 0, 0, 5);
        Says(results[0], "By kexec_file_load: ");
        Says(results[0], "Secure Boot is on, and lockdown with it as a rule, which forbids kexec_load");
        Says(results[1], "Armed: a panic starts the capture kernel");

        // IMA is asked before lockdown, and wants a file to see.
        Says(results[3], "kexec_load /lib/lifeboat/vmlinuz: EACCES");
        Says(results[3], "kexec_file_load gives them the file");
    }

    [Fact]
    public void Under_lockdown_an_unsigned_kernel_is_refused_and_explained()
    {
        List<ProgramResult> results = LiveGuest.Run(
            TestMachine.Kernel("6.12"),
            new LiveGuestSetup { WithCaptureKernel = true, Append = "crashkernel=160M lockdown=integrity", Change = RemoveSignature },
            Arm);
        Exits(results, 5);
        Says(results[0], "Rule signature-when-locked-down: the file is signed, or IMA appraises it, where the kernel is locked down");
        Says(results[0], "Found: it is not signed so");
    }

    [Fact]
    public void A_sysctl_that_switches_loading_off_is_named()
    {
        List<ProgramResult> results = LiveGuest.Run(
            TestMachine.Kernel("6.1"),
            new LiveGuestSetup { WithCaptureKernel = true, Append = "crashkernel=128M sysctl.kernel.kexec_load_disabled=1" },
            Load, FileLoad, "status");
        Exits(results, 5, 5, 3);
        Assert.All(results, result => Says(result, "kernel.kexec_load_disabled"));
    }

    [Fact]
    public void The_limit_of_loads_is_named_when_it_is_used_up()
    {
        List<ProgramResult> results = LiveGuest.Run(
            TestMachine.Kernel("6.12"),
            new LiveGuestSetup { WithCaptureKernel = true, Append = "crashkernel=160M sysctl.kernel.kexec_load_limit_panic=2" },
            Load, FileLoad, Load, FileLoad, "disarm", "status");
        Exits(results, 0, 0, 5, 5, 5, 0);
        Says(results[2], "kernel.kexec_load_limit_panic=0");
        Says(results[3], "kernel.kexec_load_limit_panic=0");
        Says(results[5], "crash loads left");
    }

    [Fact]
    public void Without_a_reservation_each_call_says_so()
    {
        List<ProgramResult> results = LiveGuest.Run(
            TestMachine.Kernel("6.1"), new LiveGuestSetup { WithCaptureKernel = true }, Load, FileLoad, "crashkernel");
        Exits(results, 4, 5, 0);
        Says(results[0], "No memory is reserved for a capture kernel");
        Says(results[1], "Rule room: ");
        Says(results[1], "Found: nothing is reserved. Boot with a larger crashkernel=");
        Says(results[2], "Nothing is reserved: boot with crashkernel=");
    }

    [Fact]
    public void In_too_small_a_reservation_each_call_says_so()
    {
        List<ProgramResult> results = LiveGuest.Run(
            TestMachine.Kernel("6.1"),
            new LiveGuestSetup { WithCaptureKernel = true, Append = "crashkernel=32M" },
            Load, FileLoad, "crashkernel");
        Exits(results, 4, 5, 0);
        Says(results[0], "The memory reserved for the capture kernel is too small");
        Says(results[1], "The image does not fit the 32 MiB that are reserved");
        Says(results[2], "32 MiB are too small");
    }

    // The certificate table of the PE header (its data directory 4) is said to be empty.
    private static void RemoveSignature(byte[] image)
    {
        const int Directory = 4 + 20 + 112 + (4 * 8);
        image.AsSpan(BitConverter.ToInt32(image, 0x3c) + Directory, 8).Clear();
    }

    private static void Exits(List<ProgramResult> results, params int[] codes) => Assert.True(
        codes.SequenceEqual(results.Select(result => result.ExitCode)),
        string.Join('\n', results.Select((result, number) => $"{codes[number]}, and it was {result.ExitCode}: {result.Output}")));

    private static void Says(ProgramResult result, string text) => Assert.Contains(text, result.Output, StringComparison.Ordinal);

    private static JsonElement Document(ProgramResult result) =>
        JsonDocument.Parse(result.Output[result.Output.IndexOf('{', StringComparison.Ordinal)..]).RootElement;
}
