using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Writing;

/// <summary>Takes the blocks of pages that a pipeline has done, in the order of the pages.</summary>
internal interface IPageWriter
{
    /// <summary>Bytes of the file so far.</summary>
    ByteCount FileSize { get; }

    /// <summary>Writes a block.</summary>
    void Write(PageBlock block);
}
