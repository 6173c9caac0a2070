using Lifeboat.Core.Linux;

namespace Lifeboat.Core.Tests.Linux;

public sealed class CrashKeysTests
{
    [Fact]
    public void Those_of_an_earlier_call_are_taken_back_and_those_of_others_stay()
    {
        string folder = Directory.CreateTempSubdirectory("lifeboat-keys-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "lifeboat-7"));
            Directory.CreateDirectory(Path.Combine(folder, "theirs"));
            CrashKeys.Select(["kdump-cryptsetup:vk-1", CrashKeys.DescriptionOf("2")], folder);
            string[] keys = [.. Directory.GetDirectories(folder).Select(static path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
            Assert.Equal(["lifeboat-0", "lifeboat-1", "theirs"], keys);
            Assert.Equal("kdump-cryptsetup:vk-2", File.ReadAllText(Path.Combine(folder, "lifeboat-1/description")));
            CrashKeys.Restore(folder);
            Assert.Equal("yes", File.ReadAllText(Path.Combine(folder, "restore")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_kernel_whose_configfs_is_not_mounted_may_have_them()
    {
        string folder = Directory.CreateTempSubdirectory("lifeboat-keys-").FullName;
        try
        {
            Assert.False(CrashKeys.MayBeSupported(Path.Combine(folder, "none")));
            Assert.True(CrashKeys.MayBeSupported(folder));
            Directory.CreateDirectory(Path.Combine(folder, "usb_gadget"));
            Assert.False(CrashKeys.MayBeSupported(folder));
            Directory.CreateDirectory(Path.Combine(folder, "crash_dm_crypt_keys"));
            Assert.True(CrashKeys.MayBeSupported(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_key_that_nobody_has_put_there_is_not_there() => Assert.False(CrashKeys.IsInKeyring("lifeboat-test:none"));
}
