using Lifeboat.Capture.Stores;
using Lifeboat.Capture.Tests.Streams;
using Lifeboat.Cli.Tests.TestSupport;
using Lifeboat.TestSupport;

namespace Lifeboat.Cli.Tests.Verbs;

[Collection(ConsoleCollection.Name)]
public sealed class FetchRawVerbTests
{
    private const string Name = "20260131T142233Z-web1";

    [Fact]
    public void Takes_a_crash_off_and_clears_the_device()
    {
        using var folder = new Capture.Tests.TemporaryFolder();
        string device = Device(folder, publish: true);
        CommandRun fetched = CommandRun.Of("fetch-raw", device, "-o", folder.Combine("crash"), "--clear");

        Assert.Equal(0, fetched.Code);
        Assert.Equal(
            $"dmesg.txt: 5 B\nvmcore.kdump: 2.9 MiB\nmanifest.json: {new FileInfo(folder.Combine("crash", Name, "manifest.json")).Length} B\n"
            + folder.Combine("crash", Name) + "\n", fetched.Output);
        Assert.Equal(TestCrash.Dump, File.ReadAllBytes(folder.Combine("crash", Name, "vmcore.kdump")));

        CommandRun again = CommandRun.Of("fetch-raw", device, "-o", folder.Combine("crash"));
        Assert.Equal((int)ExitCode.BadInput, again.Code);
        Assert.Contains("There is no crash here", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Takes_off_what_a_machine_that_lost_power_has_written()
    {
        using var folder = new Capture.Tests.TemporaryFolder();
        string device = Device(folder, publish: false);
        CommandRun fetched = CommandRun.Of("fetch-raw", device, "-o", folder.Combine("crash"), "--as-is", "--json");

        Assert.Equal((int)ExitCode.BadInput, fetched.Code);
        Golden.Matches("fetch-raw.json", fetched.Output.Replace(folder.Path, "FOLDER", StringComparison.Ordinal));
        Assert.Equal("a log", File.ReadAllText(folder.Combine("crash", Name + ".incomplete", "dmesg.txt")));
    }

    private static string Device(Capture.Tests.TemporaryFolder folder, bool publish)
    {
        string device = folder.Write("disk", new byte[16 << 20]);
        using var store = RawStore.Open(device, overwrite: false);
        if (publish)
        {
            TestCrash.SendTo(store);
        }
        else
        {
            store.Begin(TestCrash.Time, TestCrash.Host);
            TestCrash.Send(store, "dmesg.txt", "a log"u8.ToArray());
        }

        return device;
    }
}
