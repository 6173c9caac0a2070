using System.Text;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Images;
using Lifeboat.Kexec.Loading;
using Lifeboat.Kexec.Loading.Interop;
using Lifeboat.Kexec.Planning;
using Lifeboat.Kexec.Rules;
using Lifeboat.Kexec.Tests.Support;

namespace Lifeboat.Kexec.Tests.Loading;

public sealed class FileLoadTests
{
    [Fact]
    public void The_flags_say_that_there_is_no_ramdisk()
    {
        Assert.Equal(FileLoadFlags.OnCrash | FileLoadFlags.NoRamdisk, FileLoad.Prepare(Request()).Flags);
        Assert.Equal(FileLoadFlags.OnCrash, FileLoad.Prepare(Request() with { Ramdisks = ["a"] }).Flags);
        KernelFile withRamdisk = Request().Kernel with { Ramdisk = new byte[7] };
        FileLoad own = FileLoad.Prepare(Request() with { Kernel = withRamdisk });
        Assert.Equal((FileLoadFlags.OnCrash, 7UL), (own.Flags, own.RamdiskSize().Value));
    }

    [Fact]
    public void A_file_is_handed_over_itself_and_what_lies_in_another_is_not()
    {
        Assert.True(FileLoad.Prepare(Request()).IsFileItself);
        Assert.False(FileLoad.Prepare(Request() with { Kernel = Request().Kernel with { Wrappers = ["gzip"] } }).IsFileItself);
    }

    [Theory]
    [InlineData(2047 - 30, true)]
    [InlineData(2047 - 29, false)]
    public void For_a_crash_the_command_line_leaves_room_for_what_the_kernel_adds(int length, bool fits)
    {
        FileLoadRequest request = Request() with { CommandLine = new string('a', length) };
        int most = request.Kernel.Image.MaxCommandLineLength;
        Assert.Equal(2047, most);
        if (fits)
        {
            request = request with { CommandLine = new string('a', length - 1) };
            Assert.Equal(length - 1, FileLoad.Prepare(request).CommandLine.Length);
        }
        else
        {
            Assert.Equal(KexecDiagnostics.CommandLineUnusable, Refused(request).Id);
        }
    }

    [Fact]
    public void Refuses_a_command_line_with_a_line_break() =>
        Assert.Contains("line break", Refused(Request() with { CommandLine = "a\nb" }).What, StringComparison.Ordinal);

    [Fact]
    public void A_file_in_memory_holds_what_it_was_made_of()
    {
        using var file = MemoryFile.Create("test", "content"u8);
        var read = new byte[10];
        Assert.Equal(7, RandomAccess.Read(file, read, 0));
        Assert.StartsWith("content", Encoding.ASCII.GetString(read), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Errno.EPERM, "integrity", true, "by none of the keys that the kernel trusts")]
    [InlineData(Errno.EPERM, "integrity", false, "signature-when-locked-down")]
    [InlineData(Errno.EPERM, "none", true, "security module")]
    [InlineData(Errno.ENODATA, "none", false, "CONFIG_KEXEC_SIG_FORCE")]
    [InlineData(Errno.EKEYREJECTED, "none", true, "enrol the key")]
    [InlineData(Errno.ENOEXEC, "none", true, "no bzImage")]
    [InlineData(Errno.ENOSYS, "none", true, "CONFIG_KEXEC_FILE")]
    [InlineData(Errno.EADDRNOTAVAIL, "none", true, "nothing is reserved")]
    [InlineData(Errno.EBUSY, "none", true, "try again")]
    public void A_refusal_is_explained_from_the_machine(Errno errno, string lockdown, bool signed, string expected) => Assert.Contains(
        expected,
        KexecRefusal.Explain(
            errno,
            new KexecFileCall { Flags = FileLoadFlags.OnCrash, SignatureGood = signed ? null : false },
            new KexecEnvironment { Lockdown = lockdown, Reservation = default(PhysicalRange) }),
        StringComparison.Ordinal);

    private static FileLoadRequest Request() => new()
    {
        KernelPath = "vmlinuz-test",
        Kernel = KernelFile.Open(BzImageWriter.Write(null), "vmlinuz-test"),
        CommandLine = "console=ttyS0",
        Flags = FileLoadFlags.OnCrash,
    };

    private static Diagnostic Refused(FileLoadRequest request) =>
        Assert.Throws<DiagnosticException>(() => FileLoad.Prepare(request)).Diagnostics[0];
}
