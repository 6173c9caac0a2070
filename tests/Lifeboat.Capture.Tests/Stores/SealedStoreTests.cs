using System.Text;
using Lifeboat.Capture.Manifest;
using Lifeboat.Capture.Stores;
using Lifeboat.Core.Hashing;
using Lifeboat.Core.Sealing;

namespace Lifeboat.Capture.Tests.Stores;

public sealed class SealedStoreTests : IDisposable
{
    private readonly AgeIdentity _key = AgeIdentity.Generate();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _key.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Everything_that_arrives_is_sealed_and_opens_with_the_key()
    {
        using var far = new MemoryStore();
        CaptureResult result = Run(far);
        Assert.True(result.IsComplete);
        Assert.Equal(
            ["dmesg.txt.age", "manifest.json", "manifest.json.age", "report.html.age", "report.json.age", "report.txt.age", "vmcore.flat.age"],
            far.Files.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("[    1.500000] first\n[    2.000000] Kernel panic\n", Open(far.Files["dmesg.txt.age"]));
        Assert.Equal("the dump", Open(far.Files["vmcore.flat.age"]));
        CaptureManifest whole = CaptureManifest.Parse(Encoding.UTF8.GetBytes(Open(far.Files["manifest.json.age"])), "m");
        Assert.Equal(("web1", "6.1.0-test"), (whole.Host, whole.KernelRelease));
    }

    [Fact]
    public void The_open_manifest_has_the_hashes_of_what_is_there_and_nothing_of_the_machine()
    {
        using var far = new MemoryStore();
        Run(far, FakeDump.Steps with
        {
            WriteStream = FakeDump.Stream,
            ReadLog = _ => throw new InvalidOperationException("web1 has a damaged ring"),
        });
        string text = Encoding.UTF8.GetString(far.Files["manifest.json"]);
        Assert.DoesNotContain("web1", text, StringComparison.Ordinal);
        Assert.DoesNotContain("6.1.0-test", text, StringComparison.Ordinal);
        CaptureManifest manifest = CaptureManifest.Parse(far.Files["manifest.json"], "m");
        Assert.False(manifest.Complete);
        Assert.All(manifest.Tiers.Where(tier => tier.Status == TierStatus.Saved), tier => Assert.Equal(
            Convert.ToHexStringLower(Sha256.HashData(far.Files[tier.File])), tier.Sha256));
        Assert.Equal(TierStatus.Saved, manifest.Tiers[^1].Status);
    }

    [Fact]
    public void In_a_folder_the_sealed_files_agree_with_the_manifest_that_lies_open()
    {
        using var store = new SealedStore(new FolderStore(_folder.Combine("crash")), [_key.Recipient]);
        CaptureResult result = new CaptureRun(
            Request(), store, new CaptureReporter(_ => { }, TimeProvider.System), TimeProvider.System, FakeDump.Steps with { WriteStream = FakeDump.Stream })
            .Execute(CancellationToken.None);
        Assert.True(result.IsComplete);
        Assert.Null(ManifestCheck.FirstMismatch(
            result.Location!, CaptureManifest.Load(Path.Combine(result.Location!, CaptureManifest.FileName))));
        Assert.DoesNotContain(Directory.GetFiles(result.Location!), file => !file.EndsWith(".age", StringComparison.Ordinal)
            && Path.GetFileName(file) != CaptureManifest.FileName);
    }

    private CaptureResult Run(MemoryStore far, CaptureSteps? steps = null)
    {
        using var store = new SealedStore(far, [_key.Recipient]);
        return new CaptureRun(
            Request(), store, new CaptureReporter(_ => { }, TimeProvider.System), TimeProvider.System,
            steps ?? FakeDump.Steps with { WriteStream = FakeDump.Stream }).Execute(CancellationToken.None);
    }

    private CaptureRequest Request() => new() { ToolVersion = "0.1.0", ReportProgram = "lifeboat", WorkFolder = _folder.Combine("work") };

    private string Open(byte[] file)
    {
        using var reader = new StreamReader(new OpeningStream(new MemoryStream(file), [_key], "sealed"));
        return reader.ReadToEnd();
    }
}
