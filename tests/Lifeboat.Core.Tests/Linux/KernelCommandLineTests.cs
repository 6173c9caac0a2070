using Lifeboat.Core.Linux;

namespace Lifeboat.Core.Tests.Linux;

public sealed class KernelCommandLineTests
{
    [Theory]
    [InlineData("quiet nvme_core.io_timeout=30 ro", "nvme_core", "io_timeout=30")]
    [InlineData("nvme-core.io-timeout=30", "nvme_core", "io-timeout=30")]
    [InlineData("e.a=1 e.b e.c=x.y,z", "e", "a=1 b c=x.y,z")]
    [InlineData("e.a=\"1 2\" \"e.b=3 4\"", "e", "a=\"1 2\" \"b=3 4\"")]
    [InlineData("ext.a=1 a=e.b other=e.c e=1 e", "e", "")]
    [InlineData("e.a=1 -- e.b=2", "e", "a=1")]
    [InlineData("", "e", "")]
    public void A_module_is_given_its_own_parameters(string line, string module, string expected) =>
        Assert.Equal(expected, KernelCommandLine.ForModule(line, module));
}
