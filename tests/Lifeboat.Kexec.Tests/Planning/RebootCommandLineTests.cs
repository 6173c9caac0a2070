using Lifeboat.Kexec.Planning;

namespace Lifeboat.Kexec.Tests.Planning;

public sealed class RebootCommandLineTests
{
    [Theory]
    [InlineData("BOOT_IMAGE=/vmlinuz root=/dev/vda1 ro crashkernel=128M quiet", null, "root=/dev/vda1 ro crashkernel=128M quiet")]
    [InlineData("initrd=\\a.img root=x dyndbg=\"file a b +p\"", "debug", "root=x dyndbg=\"file a b +p\" debug")]
    [InlineData("a acpi_rsdp=0x7f elfcorehdr=0x1 -- single", "b", "a b -- single")]
    [InlineData("", "x", "x")]
    public void What_belongs_to_the_running_kernel_s_own_start_is_left_out(string running, string? append, string expected) =>
        Assert.Equal(expected, RebootCommandLine.FromRunning(running, append));
}
