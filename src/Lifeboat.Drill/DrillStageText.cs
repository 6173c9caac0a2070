namespace Lifeboat.Drill;

/// <summary>The stages in words.</summary>
public static class DrillStageText
{
    /// <summary>What has been reached when the stage is done, in a few words.</summary>
    public static string Describe(this DrillStage stage) => stage switch
    {
        DrillStage.Prepare => "tools and target disk ready",
        DrillStage.Kernel => "kernel found",
        DrillStage.Ramdisk => "ramdisks built",
        DrillStage.Boot => "first kernel up",
        DrillStage.Arm => "capture kernel loaded",
        DrillStage.Workload => "workload running",
        DrillStage.Panic => "panic",
        DrillStage.Purgatory => "segments verified by purgatory",
        DrillStage.CaptureUp => "capture kernel up",
        DrillStage.ModulesLoaded => "capture modules loaded",
        DrillStage.TargetReady => "target ready",
        DrillStage.LogSaved => "crash log saved",
        DrillStage.DumpSaved => "dump saved",
        DrillStage.ManifestSaved => "manifest saved",
        DrillStage.FinalAction => "guest powered off",
        DrillStage.Extract => "dump taken out of the disk",
        DrillStage.Open => "dump opened and checked",
        DrillStage.Patterns => "known bytes checked",
        DrillStage.PanicMessage => "panic message checked",
        _ => stage.ToString(),
    };
}
