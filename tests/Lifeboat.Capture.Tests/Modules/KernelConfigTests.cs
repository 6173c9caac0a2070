using Lifeboat.Capture.Modules;

namespace Lifeboat.Capture.Tests.Modules;

public sealed class KernelConfigTests
{
    [Fact]
    public void Tells_built_in_module_value_and_absent_apart()
    {
        KernelConfig config = KernelConfig.Parse(
            "# comment\nCONFIG_KEXEC=y\nCONFIG_EXT4_FS=m\n# CONFIG_XFS is not set\nCONFIG_NAME=\"a b\"\nCONFIG_\nnoise");
        Assert.True(config.IsEnabled("KEXEC"));
        Assert.True(config.IsBuiltIn("KEXEC"));
        Assert.True(config.IsEnabled("EXT4_FS"));
        Assert.False(config.IsBuiltIn("EXT4_FS"));
        Assert.False(config.IsEnabled("XFS"));
        Assert.Equal("a b", config.ValueOf("NAME"));
        Assert.Null(config.ValueOf("XFS"));
    }
}
