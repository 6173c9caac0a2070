using Lifeboat.Kexec.Status;

namespace Lifeboat.Kexec.Tests.Status;

public sealed class LastDrillTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lifeboat-last-drill-").FullName;

    private string File => Path.Combine(_folder, "below", "last-drill.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Remembers_a_drill_and_makes_the_folder()
    {
        var drill = new LastDrill
        {
            Time = new DateTimeOffset(2026, 11, 22, 9, 0, 0, TimeSpan.Zero),
            KernelRelease = "6.1.0-56-amd64",
            Passed = true,
            ReservationBytes = 128 << 20,
            MinimumBytes = 88 << 20,
            Seconds = 61.5,
        };
        drill.Save(File);
        drill.Save(File);

        Assert.Equal(drill, LastDrill.Load(File));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(File)!));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("{\"time\":\"2026-01-01T00:00:00Z\",\"kernelRelease\":null,\"passed\":true,\"reservationBytes\":1,\"seconds\":1}")]
    [InlineData("{\"time\":\"2026-01-01T00:00:00Z\",\"kernelRelease\":\"6.1\",\"passed\":true,\"reservationBytes\":-1,\"seconds\":1}")]
    public void Knows_nothing_of_a_file_that_is_no_drill(string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.WriteAllText(File, content);

        Assert.Null(LastDrill.Load(File));
    }

    [Fact]
    public void Knows_nothing_without_a_file() => Assert.Null(LastDrill.Load(File));
}
