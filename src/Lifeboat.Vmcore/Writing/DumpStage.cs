namespace Lifeboat.Vmcore.Writing;

/// <summary>The stages of writing a dump, in order, and what else goes over all pages.</summary>
public enum DumpStage
{
    /// <summary>Deciding for every page whether it is kept.</summary>
    Classify,

    /// <summary>Reading, compressing and writing the pages that are kept.</summary>
    Write,

    /// <summary>Reading every page, to see that it can be read; nothing is written.</summary>
    Check,

    /// <summary>Reading and packing some pages, to tell how large a dump would be; nothing is written.</summary>
    Sample,
}
