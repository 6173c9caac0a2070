using Lifeboat.Kernel.Files;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;
using Lifeboat.Kernel.Tasks;

namespace Lifeboat.Kernel.Erasing;

/// <summary>What was written into pipes and not yet read: pages of the kernel's, which no dump level leaves out.</summary>
internal static class PipeData
{
    private const ulong MostBuffers = 1 << 20;

    internal static void Find(EraseRun run)
    {
        KernelType type = run.Kernel.Type("struct pipe_inode_info");
        var seen = new List<ulong>();
        foreach (KernelTask task in run.Kernel.Tasks)
        {
            if (task.Pid is null or 0)
            {
                continue;
            }

            KernelWalk<OpenFile> files = task.OpenFiles;
            foreach (OpenFile file in files)
            {
                if (file.File.Inode is { Kind: FileKind.Pipe } inode && inode.Object["i_pipe"].Pointer is { Value: not 0 } place
                    && seen.BinarySearch(place.Value) is < 0 and var index)
                {
                    seen.Insert(~index, place.Value);
                    Add(run, run.Kernel.Object(type, place));
                }
            }
        }
    }

    private static void Add(EraseRun run, KernelObject pipe)
    {
        if (pipe["ring_size"].Unsigned is not ({ } size and > 0 and <= MostBuffers) || (size & (size - 1)) != 0
            || pipe["head"].Unsigned is not { } head || pipe["tail"].Unsigned is not { } tail)
        {
            run.AddUnreadable();
            return;
        }

        KernelObject buffers = pipe["bufs"];
        ulong filled = unchecked((uint)head - (uint)tail);
        for (ulong i = 0; i < Math.Min(filled, size); i++)
        {
            KernelObject buffer = buffers[(long)(unchecked(tail + i) & (size - 1))];
            run.AddInPage("pipe_buffer", buffer["page"], buffer["offset"], buffer["len"]);
        }

        // Pages that were read and are kept for what comes next: with all that was in them.
        KernelObject kept = pipe["tmp_page"];
        for (long i = 0; i < (kept.Type.IsArray ? kept.Type.ElementCount : 1); i++)
        {
            run.AddPage("pipe_inode_info.tmp_page", kept.Type.IsArray ? kept[i] : kept);
        }
    }
}
