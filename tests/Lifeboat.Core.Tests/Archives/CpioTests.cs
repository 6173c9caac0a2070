using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Lifeboat.Capture.Tests;
using Lifeboat.Core.Archives;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Core.Tests.Archives;

public sealed class CpioTests
{
    [Fact]
    public void A_file_has_the_bytes_that_the_format_says()
    {
        byte[] archive = Archive(writer => writer.AddFile("a/b", "hello"u8, 0x1ED));
        const string Expected = "070701" + "00000001" + "000081ED" + "00000000" + "00000000" + "00000001" + "00000000"
            + "00000005" + "00000000" + "00000000" + "00000000" + "00000000" + "00000004" + "00000000"
            + "a/b\0" + "\0\0" + "hello\0\0\0"
            + "070701" + "00000000" + "00000000" + "00000000" + "00000000" + "00000001" + "00000000"
            + "00000000" + "00000000" + "00000000" + "00000000" + "00000000" + "0000000B" + "00000000"
            + "TRAILER!!!\0" + "\0\0\0";
        Assert.Equal(512, archive.Length);
        Assert.Equal(Expected, Encoding.ASCII.GetString(archive, 0, Expected.Length));
        Assert.All(archive[Expected.Length..], value => Assert.Equal(0, value));
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        Prop.ForAll<byte[][]>(contents =>
        {
            byte[] archive = Archive(writer =>
            {
                for (int index = 0; index < contents.Length; index++)
                {
                    writer.AddFile($"file{index}", contents[index], 0x1A4);
                }
            });
            IReadOnlyList<CpioEntry> entries = CpioReader.Read(archive);
            return archive.Length % 512 == 0 && entries.Count == contents.Length
                && entries.Select((entry, index) => entry.Name == $"file{index}" && entry.IsFile
                    && entry.Content.Span.SequenceEqual(contents[index])).All(same => same);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Cpio_lists_and_extracts_the_same()
    {
        byte[] archive = Archive(writer =>
        {
            writer.AddDirectory("dir");
            writer.AddFile("dir/one", "first"u8, 0x1A4);
            writer.AddFile("two", new byte[70_000], 0x1ED);
        });
        Assert.Equal("dir\ndir/one\ntwo\n", Oracle.Run("cpio", archive, "-t", "--quiet"));
        using var folder = new TemporaryFolder();
        Oracle.Run("cpio", archive, "-i", "--quiet", "-D", folder.Path);
        Assert.Equal("first", File.ReadAllText(folder.Combine("dir", "one")));
        Assert.Equal(new byte[70_000], File.ReadAllBytes(folder.Combine("two")));
        Assert.StartsWith("755", Oracle.Run("stat", [], "-c", "%a", folder.Combine("two")), StringComparison.Ordinal);
    }

    [Fact]
    public void Cpio_sees_the_device_nodes_as_such()
    {
        byte[] archive = Archive(writer => writer.AddCharacterDevice("dev/console", 5, 1, 0x180));
        string line = Oracle.Run("cpio", archive, "-tv", "--quiet");
        Assert.StartsWith("crw-------", line, StringComparison.Ordinal);
        Assert.Matches(@"5,\s+1", line);
        CpioEntry node = Assert.Single(CpioReader.Read(archive));
        Assert.Equal((5, 1), (node.NodeMajor, node.NodeMinor));
    }

    [Fact]
    public void Reads_what_cpio_writes()
    {
        using var folder = new TemporaryFolder();
        folder.Write("x", "content of x");
        Oracle.Require("sh");
        Oracle.Run("sh", [], "-c", $"cd '{folder.Path}' && echo x | cpio -o -H newc --quiet > ../$(basename '{folder.Path}').cpio && mv ../$(basename '{folder.Path}').cpio out");
        CpioEntry entry = Assert.Single(CpioReader.Read(File.ReadAllBytes(folder.Combine("out"))));
        Assert.Equal("content of x", Encoding.UTF8.GetString(entry.Content.Span));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/absolute")]
    [InlineData("TRAILER!!!")]
    [InlineData("nul\0inside")]
    public void Refuses_a_name_that_the_kernel_would_not_unpack(string name) =>
        Assert.Throws<ArgumentException>(() => new CpioWriter(Stream.Null).AddFile(name, [], 0x1A4));

    [Fact]
    public void Rejects_an_archive_without_an_end()
    {
        byte[] archive = Archive(writer => writer.AddFile("a", "b"u8, 0x1A4));
        DiagnosticException error = Assert.Throws<DiagnosticException>(() => CpioReader.Read(archive.AsMemory(0, 120)));
        Assert.Equal(CoreDiagnostics.BadArchive, error.Diagnostics[0].Id);
    }

    [Fact]
    public void Damaged_archives_end_in_a_diagnostic_or_in_entries_within_the_file()
    {
        byte[] original = Archive(writer =>
        {
            writer.AddDirectory("d");
            writer.AddFile("d/f", new byte[333], 0x1A4);
            writer.AddCharacterDevice("c", 1, 3, 0x1B6);
        });
        foreach (byte[] damaged in Mutations.Of(original, 5000, seed: 7))
        {
            try
            {
                Assert.True(CpioReader.Read(damaged).Sum(entry => (long)entry.Content.Length) <= damaged.Length);
            }
            catch (DiagnosticException error)
            {
                Assert.Equal(CoreDiagnostics.BadArchive, error.Diagnostics[0].Id);
            }
        }
    }

    private static byte[] Archive(Action<CpioWriter> write)
    {
        using var stream = new MemoryStream();
        var writer = new CpioWriter(stream);
        write(writer);
        writer.Finish();
        return stream.ToArray();
    }
}
