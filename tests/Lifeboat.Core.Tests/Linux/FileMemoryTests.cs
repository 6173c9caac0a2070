using System.Buffers;
using Lifeboat.Core.Linux;

namespace Lifeboat.Core.Tests.Linux;

public sealed class FileMemoryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lifeboat-memory-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(1_000_001)]
    public unsafe void A_file_s_bytes_are_there(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        using FileMemory memory = Map(Write("file", bytes));
        Assert.True(memory.Memory.Span.SequenceEqual(bytes));
        using MemoryHandle pin = memory.Memory[(length / 2)..].Pin();

        // Safety: within the file.
        Assert.Equal(bytes[length / 2], *(byte*)pin.Pointer);
        Assert.False(memory.HasChanged());
    }

    [Fact]
    public void A_file_that_was_written_to_has_changed_and_one_that_was_replaced_has_not()
    {
        string path = Write("file", [1, 2, 3]);
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);
        using FileMemory replaced = Map(path);
        File.Move(Write("other", [4, 5, 6]), path, overwrite: true);
        Assert.False(replaced.HasChanged());
        Assert.Equal([1, 2, 3], replaced.Memory.ToArray());
        using FileMemory written = Map(path);
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);
        Assert.True(written.HasChanged());
    }

    [Fact]
    public void What_cannot_be_mapped_is_left_to_be_read()
    {
        Assert.Null(FileMemory.TryMap(Write("empty", [])));
        Assert.Null(FileMemory.TryMap("/proc/self/maps"));
        Assert.Throws<FileNotFoundException>(() => FileMemory.TryMap(Path.Combine(_folder, "missing")));
    }

    private static FileMemory Map(string path)
    {
        FileMemory? memory = FileMemory.TryMap(path);
        Assert.SkipWhen(memory is null, "the kernel cannot fill a mapping ahead");
        return memory!;
    }

    private string Write(string name, byte[] bytes)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
