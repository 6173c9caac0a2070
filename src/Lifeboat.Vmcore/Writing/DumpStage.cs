namespace Lifeboat.Vmcore.Writing;

/// <summary>The stages of writing a dump, in order.</summary>
public enum DumpStage
{
    /// <summary>Deciding for every page whether it is kept.</summary>
    Classify,

    /// <summary>Reading, compressing and writing the pages that are kept.</summary>
    Write,
}
