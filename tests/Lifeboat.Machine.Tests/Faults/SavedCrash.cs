using Lifeboat.Capture;
using Lifeboat.Capture.Manifest;
using Lifeboat.Core.Hashing;

namespace Lifeboat.Machine.Tests.Faults;

/// <summary>The folder of one crash, as it was found on a disk.</summary>
internal sealed class SavedCrash(string folder)
{
    internal string Folder { get; } = folder;

    internal string Dump => Path.Combine(Folder, CaptureRun.DumpFile);

    internal CaptureManifest Manifest => CaptureManifest.Load(Path.Combine(Folder, CaptureManifest.FileName));

    internal string Text(string file) => File.ReadAllText(Path.Combine(Folder, file));

    /// <summary>The tiers that the manifest calls saved must be there as it says; gives their names.</summary>
    internal string[] SavedTiers()
    {
        ManifestTier[] saved = [.. Manifest.Tiers.Where(static tier => tier.Status == TierStatus.Saved)];
        Assert.All(saved, tier => Assert.Equal(
            tier.Sha256, Convert.ToHexStringLower(Sha256.HashData(File.ReadAllBytes(Path.Combine(Folder, tier.File))))));
        return [.. saved.Select(static tier => tier.Name).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>All of it was saved: every file is as the manifest says, and the dump reads.</summary>
    internal void MustBeWhole()
    {
        Assert.True(Manifest.Complete, Manifest.Reason);
        Assert.Equal(["log", "report", "dump"], SavedTiers());
        ProgramResult verified = TestMachine.Run(TestMachine.Program, ["verify", Folder]);
        Assert.True(verified.ExitCode == 0, verified.Output + verified.Error);
    }
}
