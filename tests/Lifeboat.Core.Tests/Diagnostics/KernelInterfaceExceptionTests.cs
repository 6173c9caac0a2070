using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;

namespace Lifeboat.Core.Tests.Diagnostics;

public sealed class KernelInterfaceExceptionTests
{
    [Theory]
    [InlineData("mount", "/dev/vda", Errno.ENODEV, null, "mount /dev/vda: ENODEV (No such device)")]
    [InlineData(
        "kexec_load", null, Errno.EPERM, "Become root", "kexec_load: EPERM (Operation not permitted). Become root")]
    [InlineData("open", "/x", (Errno)40, null, "open /x: errno 40 (Too many levels of symbolic links)")]
    public void The_text_says_what_was_refused_and_why(
        string operation, string? path, Errno errno, string? remedy, string text)
    {
        var exception = new KernelInterfaceException(operation, path, errno, remedy);
        Assert.Equal(text, exception.Message);
        Assert.Equal(
            (operation, path, errno, remedy), (exception.Operation, exception.Path, exception.Errno, exception.Remedy));
    }

    [Fact]
    public void Every_number_has_a_name_of_its_own()
    {
        Errno[] numbers = Enum.GetValues<Errno>();
        Assert.Equal(numbers.Length, Enum.GetNames<Errno>().Length);
        Assert.All(numbers, errno => Assert.StartsWith($"{errno} (", errno.Describe(), StringComparison.Ordinal));
    }
}
