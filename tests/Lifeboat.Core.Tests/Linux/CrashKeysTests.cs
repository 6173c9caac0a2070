using Lifeboat.Core.Linux;

namespace Lifeboat.Core.Tests.Linux;

public sealed class CrashKeysTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lifeboat-keys-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Those_of_an_earlier_call_are_taken_back_and_those_of_others_stay()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "lifeboat-7"));
        Directory.CreateDirectory(Path.Combine(_folder, "theirs"));
        CrashKeys.Select(["kdump-cryptsetup:vk-1", CrashKeys.DescriptionOf("2")], _folder);
        string[] keys = [.. Directory.GetDirectories(_folder).Select(static path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        Assert.Equal(["lifeboat-0", "lifeboat-1", "theirs"], keys);
        Assert.Equal("kdump-cryptsetup:vk-2", File.ReadAllText(Path.Combine(_folder, "lifeboat-1/description")));
        CrashKeys.Restore(_folder);
        Assert.Equal("yes", File.ReadAllText(Path.Combine(_folder, "restore")));
    }

    [Fact]
    public void A_kernel_whose_configfs_is_not_mounted_may_have_them()
    {
        Assert.False(CrashKeys.MayBeSupported(Path.Combine(_folder, "none")));
        Assert.True(CrashKeys.MayBeSupported(_folder));
        Directory.CreateDirectory(Path.Combine(_folder, "usb_gadget"));
        Assert.False(CrashKeys.MayBeSupported(_folder));
        Directory.CreateDirectory(Path.Combine(_folder, "crash_dm_crypt_keys"));
        Assert.True(CrashKeys.MayBeSupported(_folder));
    }

    [Fact]
    public void A_key_that_nobody_has_put_there_is_not_there() => Assert.False(CrashKeys.IsInKeyring("lifeboat-test:none"));
}
