using System.Text;
using Lifeboat.Capture.Init;
using Lifeboat.Capture.Manifest;
using Lifeboat.Capture.Stores;
using Lifeboat.Capture.Tests.Modules;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Erasing;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Erasing;

namespace Lifeboat.Capture.Tests;

/// <summary>The run with the real reader and the real writer below it.</summary>
public sealed class WholeCaptureTests
{
    private const int PageSize = 4096;
    private static readonly PhysicalAddress Start = new(0x1000000);

    [Fact]
    public void Memory_without_a_log_is_saved_and_reads_back()
    {
        using var folder = new TemporaryFolder();
        byte[] memory = Pattern(64);
        CaptureResult result = Capture(folder.Write("vmcore", TestElf.Core(memory)), folder.Combine("target"));
        Assert.Equal([TierStatus.Failed, TierStatus.Saved], result.Manifest.Tiers.Select(tier => tier.Status));
        Assert.Equal(64UL, result.Manifest.Pages!.Total);
        Assert.EndsWith("-unknown.incomplete", result.Location, StringComparison.Ordinal);
        using DumpSource dump = DumpSource.Open(Path.Combine(result.Location!, CaptureRun.DumpFile));
        Assert.False(dump.IsIncomplete);
        byte[] back = new byte[memory.Length];
        Assert.Equal(back.Length, dump.Read(Start, back, out _));
        Assert.Equal(memory, back);
    }

    [Fact]
    public void A_dump_cut_off_by_a_full_disk_opens_and_gives_its_first_pages()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root may mount");
        using var folder = new TemporaryFolder();
        string disk = folder.Combine("disk");
        Directory.CreateDirectory(disk);
        try
        {
            FileSystemMount.Mount("tmpfs", disk, "tmpfs", MountOptions.None, "size=4m");
        }
        catch (KernelInterfaceException refusal) when (refusal.Errno == Errno.EPERM)
        {
            Assert.Skip("mounting is not allowed here");
        }

        try
        {
            byte[] memory = Pattern(4096);
            CaptureResult result = Capture(folder.Write("vmcore", TestElf.Core(memory)), disk);
            Assert.Equal(TierStatus.Partial, result.Manifest.Tiers[1].Status);
            Assert.Contains("ENOSPC", result.Manifest.Tiers[1].Error, StringComparison.Ordinal);
            Assert.NotNull(CaptureManifest.Parse(File.ReadAllBytes(Path.Combine(result.Location!, CaptureManifest.FileName)), "m"));
            using DumpSource dump = DumpSource.Open(Path.Combine(result.Location!, CaptureRun.DumpFile));
            Assert.True(dump.IsIncomplete);
            byte[] first = new byte[PageSize];
            Assert.Equal(PageSize, dump.Read(Start, first, out _));
            Assert.Equal(memory[..PageSize], first);
        }
        finally
        {
            TestMount.Remove(disk);
        }
    }

    [Fact]
    public void What_is_no_dump_leaves_a_manifest_that_says_so()
    {
        using var folder = new TemporaryFolder();
        CaptureResult result = Capture(folder.Write("vmcore", Encoding.ASCII.GetBytes("no dump")), folder.Combine("target"));
        Assert.Contains("the memory cannot be opened", result.Manifest.Reason, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(result.Location!, CaptureManifest.FileName)));
    }

    [Fact]
    public void What_is_found_to_be_erased_is_gone_from_the_dump_and_what_is_not_is_noted()
    {
        using var folder = new TemporaryFolder();
        byte[] memory = Pattern(4);
        var range = new ErasedRange("secret", PhysicalRange.FromLength(Start + new ByteCount(100), new ByteCount(32)));
        var notice = new Diagnostic(CaptureDiagnostics.SettingMissing, "one was not found");
        CaptureResult result = Capture(folder.Write("vmcore", TestElf.Core(memory)), folder.Combine("target"), new CaptureSteps
        {
            FindErased = (_, directives, _, _) =>
                Assert.Single(directives).Text == "keys" ? new EraseFindings([range], [notice]) : throw new InvalidOperationException(),
        });
        Assert.Contains(result.Manifest.Notices, static text => text.Contains("one was not found", StringComparison.Ordinal));
        using DumpSource dump = DumpSource.Open(Path.Combine(result.Location!, CaptureRun.DumpFile));
        byte[] back = new byte[memory.Length];
        Assert.Equal(back.Length, dump.Read(Start, back, out _));
        memory.AsSpan(100, 32).Fill((byte)'X');
        Assert.Equal(memory, back);
        Assert.Equal("erase secret size 32 at 0x1000064\n"u8, dump.EraseInfo.Span);
    }

    [Fact]
    public void A_search_that_breaks_costs_a_notice_and_not_the_dump()
    {
        using var folder = new TemporaryFolder();
        CaptureResult result = Capture(folder.Write("vmcore", TestElf.Core(Pattern(4))), folder.Combine("target"), new CaptureSteps
        {
            FindErased = static (_, _, _, _) => throw new InvalidOperationException("broken"),
        });
        Assert.Equal(TierStatus.Saved, result.Manifest.Tiers[^1].Status);
        Assert.Contains(result.Manifest.Notices, static text => text.StartsWith("nothing is erased in the dump: ", StringComparison.Ordinal));
    }

    // Noise, so that neither compression nor a zero page makes it small.
    private static byte[] Pattern(int pages)
    {
        byte[] memory = new byte[pages * PageSize];
        new Random(17).NextBytes(memory);
        return memory;
    }

    private static CaptureResult Capture(string vmcore, string target, CaptureSteps? steps = null) => new CaptureRun(
        new CaptureRequest { Vmcore = vmcore, ToolVersion = "0.1.0" },
        new FolderStore(target),
        new CaptureReporter(_ => { }, TimeProvider.System),
        TimeProvider.System,
        steps ?? new CaptureSteps()).Execute();
}
