using System.Text;
using Lifeboat.Capture.Manifest;
using Lifeboat.Capture.Receiving;
using Lifeboat.Capture.Streams;
using Lifeboat.Capture.Tests.Streams;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Tests.Receiving;

public sealed class ReceiveSessionTests
{
    private const string Name = "20260131T142233Z-web1";

    [Fact]
    public void Acknowledges_each_file_as_it_is_stored_and_publishes_at_the_end()
    {
        using var folder = new TemporaryFolder();
        (string[] answers, ReceivedCrash? crash) = Receive(folder, TestCrash.Stream());

        Assert.True(crash!.IsComplete);
        Assert.Equal(folder.Combine(Name), crash.Folder);
        Assert.Equal(
            ["lifeboat receive 1", $"folder {Name}", "ready", $"stored dmesg.txt 5 {TestCrash.HashOf("a log"u8)}"], answers[..4]);
        Assert.Equal($"stored vmcore.kdump {TestCrash.Dump.Length} {TestCrash.HashOf(TestCrash.Dump)}", answers[5]);
        Assert.Equal($"published {Name}", answers[^1]);
        Assert.Equal(["dmesg.txt", "manifest.json", "vmcore.kdump"], Files(crash.Folder));
        Assert.Null(ManifestCheck.FirstMismatch(crash.Folder, CaptureManifest.Load(Path.Combine(crash.Folder, "manifest.json"))));
    }

    [Fact]
    public void A_second_connection_goes_on_in_the_same_folder()
    {
        using var folder = new TemporaryFolder();
        byte[] whole = TestCrash.Stream();
        (_, ReceivedCrash? cut) = Receive(folder, whole[..2_000_000]);
        Assert.Null(cut);
        Assert.Equal(folder.Combine(Name + ".partial"), Assert.Single(Directory.GetDirectories(folder.Path)));

        using var rest = new MemoryStream();
        var writer = new CrashStreamWriter(rest, TestCrash.Header);
        writer.BeginFile("manifest.json");
        writer.Write(TestCrash.Manifest(complete: false));
        writer.EndFile(isWhole: true);
        writer.Publish(isComplete: false);
        (string[] answers, ReceivedCrash? crash) = Receive(folder, rest.ToArray());

        Assert.Equal($"have dmesg.txt 5 {TestCrash.HashOf("a log"u8)}", answers[2]);
        Assert.Equal(folder.Combine(Name + ".incomplete"), crash!.Folder);
        Assert.Equal(["dmesg.txt", "manifest.json", "vmcore.kdump"], Files(crash.Folder));
    }

    [Fact]
    public void A_receiver_that_was_killed_leaves_what_it_had()
    {
        using var folder = new TemporaryFolder();
        Receive(folder, TestCrash.Stream()[..2_000_000]);
        string partial = folder.Combine(Name + ".partial");
        File.Move(Path.Combine(partial, "vmcore.kdump"), Path.Combine(partial, "vmcore.kdump.new"));
        Receive(folder, TestCrash.Stream()[..100]);

        Assert.Equal(["dmesg.txt", "manifest.json", "vmcore.kdump"], Files(partial).Where(name => name[0] != '.'));
    }

    [Fact]
    public void Another_stream_of_the_same_host_and_time_gets_a_folder_of_its_own()
    {
        using var folder = new TemporaryFolder();
        Receive(folder, TestCrash.Stream()[..2_000_000]);
        using var other = new MemoryStream();
        new CrashStreamWriter(other, new CrashStreamHeader(99, TestCrash.Time, TestCrash.Host)).Publish(isComplete: true);
        (_, ReceivedCrash? crash) = Receive(folder, other.ToArray());

        Assert.Equal(folder.Combine(Name + "-2"), crash!.Folder);
        Assert.True(File.Exists(folder.Combine(Name + ".partial", "dmesg.txt")));
    }

    [Fact]
    public void A_dump_that_may_not_be_so_large_fails_at_once_and_the_manifest_is_taken()
    {
        using var folder = new TemporaryFolder();
        (string[] answers, ReceivedCrash? crash) = Receive(
            folder, TestCrash.Stream(), new UnpackOptions { MaxBytes = new Core.Memory.ByteCount(1_200_000) });

        Assert.StartsWith("failed vmcore.kdump the crash is larger than", answers[5], StringComparison.Ordinal);
        Assert.StartsWith("stored manifest.json", answers[6], StringComparison.Ordinal);
        Assert.False(crash!.IsComplete);
        Assert.False(CaptureManifest.Load(Path.Combine(crash.Folder, "manifest.json")).Complete);
    }

    [Fact]
    public void Something_that_is_no_crash_is_refused_before_anything_is_made()
    {
        using var folder = new TemporaryFolder();
        using var answers = new MemoryStream();
        var session = new ReceiveSession(folder.Path, new UnpackOptions(), answers, TimeProvider.System);

        Assert.Throws<DumpFormatException>(() => session.Run(new MemoryStream("GET / HTTP/1.1\r\n\r\n and so on"u8.ToArray())));
        Assert.Contains("error LB5161", Encoding.UTF8.GetString(answers.ToArray()), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("../../evil")]
    [InlineData("/etc/evil")]
    [InlineData("..")]
    public void A_host_that_leads_elsewhere_stays_in_the_folder(string host)
    {
        using var folder = new TemporaryFolder();
        using var stream = new MemoryStream();
        new CrashStreamWriter(stream, new CrashStreamHeader(1, TestCrash.Time, host)).Publish(isComplete: true);
        (_, ReceivedCrash? crash) = Receive(folder, stream.ToArray());

        Assert.Equal(folder.Path, Path.GetDirectoryName(crash!.Folder));
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Damaged_streams_touch_nothing_but_folders_of_their_own()
    {
        using var folder = new TemporaryFolder();
        string parent = folder.Combine("crashes");
        byte[] older = "an older dump"u8.ToArray();
        folder.Write($"crashes/{Name}/vmcore.kdump", older);
        using var stream = new MemoryStream();
        var writer = new CrashStreamWriter(stream, TestCrash.Header);
        writer.BeginFile("dmesg.txt");
        writer.Write("a log"u8);
        writer.EndFile(isWhole: true);
        writer.Publish(isComplete: true);
        foreach (byte[] damaged in Mutations.Of(stream.ToArray(), 200, seed: 65))
        {
            using var answers = new MemoryStream();
            try
            {
                new ReceiveSession(parent, new UnpackOptions(), answers, TimeProvider.System).Run(new MemoryStream(damaged));
            }
            catch (DumpFormatException)
            {
                // No crash stream any more.
            }
        }

        Assert.Equal([parent], Directory.GetFileSystemEntries(folder.Path));
        Assert.Equal(older, File.ReadAllBytes(Path.Combine(parent, Name, "vmcore.kdump")));
        Assert.All(Directory.GetFileSystemEntries(parent), path => Assert.True(Directory.Exists(path)));
    }

    private static (string[] Answers, ReceivedCrash? Crash) Receive(TemporaryFolder folder, byte[] stream, UnpackOptions? options = null)
    {
        using var answers = new MemoryStream();
        var session = new ReceiveSession(folder.Path, options ?? new UnpackOptions(), answers, TimeProvider.System);
        ReceivedCrash? crash = session.Run(new MemoryStream(stream));
        return (Encoding.UTF8.GetString(answers.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries), crash);
    }

    private static string[] Files(string folder) =>
        [.. Directory.GetFiles(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
}
