using Lifeboat.Cli.Verbs;
using Lifeboat.TestSupport;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Cli.Tests.Verbs;

public sealed class FilterRequestTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(FilterRequest.Kdump, 1)]
    [InlineData(FilterRequest.Kdump, 3)]
    [InlineData(FilterRequest.Elf, 1)]
    [InlineData(FilterRequest.Flattened, 1)]
    public void Whatever_ends_the_writing_leaves_no_file_that_looks_whole(string format, int parts)
    {
        var request = new FilterRequest
        {
            Inputs = [_folder.Write("vmcore", CoreFile.Of(CrashedMachine.Create()))],
            Output = _folder.Combine("out"),
            Format = format,
            Parts = parts,
            MayOverwrite = false,
            Options = new DumpWriteOptions { Level = DumpLevel.None, Compression = DumpCompression.None },
        };
        using var cancel = new CancellationTokenSource();
        var progress = new CancelAtFirstWrite(cancel);
        Assert.Throws<OperationCanceledException>(() => request.Run(progress, TimeProvider.System, cancel.Token));
        foreach (string file in request.Files)
        {
            Assert.False(LooksWhole(file), file);
        }
    }

    private static bool LooksWhole(string file)
    {
        try
        {
            using var dump = DumpSource.Open(file);
            return !dump.IsIncomplete;
        }
        catch (Core.Diagnostics.DumpFormatException)
        {
            return false;
        }
    }

    private sealed class CancelAtFirstWrite(CancellationTokenSource cancel) : IProgress<DumpProgress>
    {
        public void Report(DumpProgress value)
        {
            if (value.Stage == DumpStage.Write)
            {
                cancel.Cancel();
            }
        }
    }
}
