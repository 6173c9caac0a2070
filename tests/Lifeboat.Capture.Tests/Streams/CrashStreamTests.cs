using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Lifeboat.Capture.Streams;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Hashing;

namespace Lifeboat.Capture.Tests.Streams;

public sealed class CrashStreamTests
{
    [Fact]
    public void Crc32C_is_the_one_of_iscsi() => Assert.Equal(0xE3069283, Crc32C.Compute("123456789"u8));

    [Fact]
    public void Begins_with_these_bytes()
    {
        using var stream = new MemoryStream();
        _ = new CrashStreamWriter(stream, TestCrash.Header);

        Assert.Equal(
            "4c4243524153480a" + "01000000" + "04000000" + "8877665544332211" + "29107e6900000000" + "77656231" + Checksum(stream.ToArray().AsSpan(0, 36)),
            Convert.ToHexStringLower(stream.ToArray()));
    }

    [Fact]
    public void A_record_has_these_bytes()
    {
        using var stream = new MemoryStream();
        var writer = new CrashStreamWriter(stream, TestCrash.Header);
        stream.SetLength(0);
        writer.BeginFile("a.txt");

        byte[] record = stream.ToArray();
        Assert.Equal(
            "4c425243" + "01000000" + "8877665544332211" + "00000000" + "05000000" + Checksum("a.txt"u8) + Checksum(record.AsSpan(0, 28))
            + Convert.ToHexStringLower("a.txt"u8),
            Convert.ToHexStringLower(record));
    }

    [Fact]
    public void Files_come_back_as_they_were_written_whatever_their_size_and_padding() =>
        Prop.ForAll<byte[][], bool>((contents, isPadded) =>
        {
            using var stream = new MemoryStream();
            var writer = new CrashStreamWriter(stream, TestCrash.Header);
            byte[][] files = [.. contents.Select((content, i) => content.Concat(new byte[i < 2 ? i * 200_000 : 0]).ToArray())];
            for (int i = 0; i < files.Length; i++)
            {
                writer.BeginFile($"file{i}");
                writer.Write(files[i]);
                writer.EndFile(isWhole: true);
                if (isPadded)
                {
                    writer.Pad(4096);
                    Assert.Equal(0, stream.Length % 4096);
                }
            }

            writer.Publish(isComplete: true);
            Assert.Equal(stream.Length, writer.Length);
            (List<(string Name, byte[] Content, CrashFileState State)> found, CrashStreamReader reader) = Read(stream.ToArray());
            Assert.Equal(files, found.Select(file => file.Content));
            Assert.All(found, file => Assert.Equal(CrashFileState.Whole, file.State));
            Assert.True(reader.IsComplete);
            Assert.Null(reader.Problem);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_stream_cut_anywhere_gives_what_was_there()
    {
        byte[] whole = TestCrash.Stream(block: 4096);
        (List<(string Name, byte[] Content, CrashFileState State)> all, _) = Read(whole);
        for (int length = 40; length < whole.Length; length += length < 20_000 ? 97 : 50_021)
        {
            (List<(string Name, byte[] Content, CrashFileState State)> found, CrashStreamReader reader) = Read(whole[..length]);

            Assert.Null(reader.IsComplete);
            Assert.NotNull(reader.Problem);
            for (int i = 0; i < found.Count; i++)
            {
                Assert.Equal(all[i].Name, found[i].Name);
                Assert.True(all[i].Content.AsSpan().StartsWith(found[i].Content));
                Assert.True(found[i].State is CrashFileState.Whole || i == found.Count - 1);
            }
        }
    }

    [Fact]
    public void What_an_older_stream_left_behind_is_not_taken_for_part_of_it()
    {
        byte[] older = TestCrash.Stream();
        using var disk = new MemoryStream(older.ToArray());
        var writer = new CrashStreamWriter(disk, new CrashStreamHeader(5, TestCrash.Time, TestCrash.Host));

        (List<(string Name, byte[] Content, CrashFileState State)> found, CrashStreamReader reader) = Read(disk.ToArray());
        Assert.Empty(found);
        Assert.Contains("no record of it", reader.Problem!.What, StringComparison.Ordinal);
        Assert.Equal(disk.Position, writer.Length);
    }

    [Fact]
    public void A_changed_byte_of_a_file_marks_that_file_and_no_other()
    {
        byte[] stream = TestCrash.Stream();
        int at = stream.AsSpan().IndexOf("a log"u8);
        stream[at] ^= 1;

        (List<(string Name, byte[] Content, CrashFileState State)> found, CrashStreamReader reader) = Read(stream);
        Assert.Equal(
            [CrashFileState.Damaged, CrashFileState.Whole, CrashFileState.Whole, CrashFileState.Whole], found.Select(file => file.State));
        Assert.True(reader.IsComplete);
    }

    [Fact]
    public void A_file_that_was_given_up_says_so_and_those_after_it_are_there()
    {
        using var stream = new MemoryStream();
        var writer = new CrashStreamWriter(stream, TestCrash.Header);
        writer.BeginFile("one");
        writer.Write("half"u8);
        writer.EndFile(isWhole: false);
        writer.BeginFile("two");
        writer.EndFile(isWhole: true);
        writer.Publish(isComplete: false);

        (List<(string Name, byte[] Content, CrashFileState State)> found, CrashStreamReader reader) = Read(stream.ToArray());
        Assert.Equal([CrashFileState.GivenUp, CrashFileState.Whole], found.Select(file => file.State));
        Assert.Equal("half"u8, found[0].Content);
        Assert.False(reader.IsComplete);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_file_whose_end_the_stream_refuses_can_be_given_up_and_those_after_it_are_there(int taken)
    {
        using var folder = new TemporaryFolder();
        int left = int.MaxValue;
        using (var stream = new LimitedStream(folder.Combine("stream"), _ => left-- > 0))
        {
            var writer = new CrashStreamWriter(stream, TestCrash.Header);
            writer.BeginFile("one");
            writer.Write("half"u8);
            left = taken;
            Assert.Throws<IOException>(() => writer.EndFile(isWhole: true));
            left = int.MaxValue;
            writer.EndFile(isWhole: false);
            left = 0;
            Assert.Throws<IOException>(() => writer.BeginFile("refused"));
            left = int.MaxValue;
            writer.BeginFile("two");
            writer.EndFile(isWhole: true);
        }

        (List<(string Name, byte[] Content, CrashFileState State)> found, _) = Read(File.ReadAllBytes(folder.Combine("stream")));
        Assert.Equal([("one", CrashFileState.GivenUp), ("two", CrashFileState.Whole)], found.Select(static file => (file.Name, file.State)));
        Assert.Equal("half"u8, found[0].Content);
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData(".receiving")]
    [InlineData("a/b")]
    [InlineData("a\nb")]
    [InlineData("")]
    public void A_name_that_leads_elsewhere_is_not_written_and_not_believed(string name)
    {
        using var stream = new MemoryStream();
        var writer = new CrashStreamWriter(stream, TestCrash.Header);
        Assert.Throws<ArgumentException>(() => writer.BeginFile(name));

        byte[] content = Encoding.UTF8.GetBytes(name);
        byte[] record = new byte[CrashRecordHeader.Size];
        new CrashRecordHeader(CrashRecordKind.Begin, TestCrash.Header.Id, 0, (uint)content.Length, Crc32C.Compute(content)).WriteTo(record);
        (List<(string Name, byte[] Content, CrashFileState State)> found, _) = Read([.. stream.ToArray(), .. record, .. content]);
        Assert.Equal("file-1", Assert.Single(found).Name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("makedumpfile and what follows it in a flattened dump")]
    [InlineData("LBCRASH\nnot so")]
    public void Something_else_is_refused(string text)
    {
        DumpFormatException error = Assert.Throws<DumpFormatException>(() => CrashStreamReader.Open(new MemoryStream(Encoding.ASCII.GetBytes(text)), "it"));
        Assert.Equal(CaptureDiagnostics.NoCrashStream, error.Diagnostics[0].Id);
    }

    [Fact]
    public void Damaged_streams_are_read_as_far_as_they_go()
    {
        using var stream = new MemoryStream();
        var writer = new CrashStreamWriter(stream, TestCrash.Header);
        foreach (string name in (string[])["a", "b"])
        {
            writer.BeginFile(name);
            writer.Write("some text"u8);
            writer.EndFile(isWhole: true);
        }

        writer.Publish(isComplete: true);
        int opened = 0;
        foreach (byte[] damaged in Mutations.Of(stream.ToArray(), 20_000, seed: 63))
        {
            try
            {
                Assert.True(Read(damaged).Files.Count <= 2);
                opened++;
            }
            catch (DumpFormatException)
            {
                // No crash stream any more.
            }
        }

        Assert.NotEqual(0, opened);
    }

    private static (List<(string Name, byte[] Content, CrashFileState State)> Files, CrashStreamReader Reader) Read(byte[] bytes)
    {
        var reader = CrashStreamReader.Open(new MemoryStream(bytes), "test");
        var files = new List<(string Name, byte[] Content, CrashFileState State)>();
        while (reader.NextFile() is { } file)
        {
            using var content = new MemoryStream();
            file.CopyTo(content);
            files.Add((file.Name, content.ToArray(), file.State));
        }

        return (files, reader);
    }

    private static string Checksum(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(BitConverter.GetBytes(Crc32C.Compute(bytes)));
}
