using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;

namespace Lifeboat.Kernel.Files;

/// <summary>The files that a process has open (<c>struct fdtable</c>): a bit for each number, a pointer for each bit.</summary>
internal static class FileTable
{
    private const int BitsOfWord = 64;
    private const ulong MostFiles = 1 << 20; // what the kernel itself allows a process unless told otherwise

    internal static KernelWalk<OpenFile> Of(CrashedKernel kernel, KernelObject task) =>
        new(kernel.MaxLinked, walk => Read(kernel, task, walk));

    private static IEnumerable<OpenFile> Read(CrashedKernel kernel, KernelObject task, KernelWalk<OpenFile> walk)
    {
        KernelObject files = task["files"];
        if (!files.TryReadNumber(out ulong address, out MemoryFault fault) || address == 0)
        {
            // A task that is gone, or a kernel thread of a kernel that gives them none.
            Note(walk, fault);
            yield break;
        }

        KernelObject table = files.Target["fdt"];
        if (!table["max_fds"].TryReadNumber(out ulong count, out fault))
        {
            Note(walk, fault);
            yield break;
        }

        // Tables have whole words of bits; every process has the first.
        if (count is 0 or > MostFiles || count % BitsOfWord != 0)
        {
            walk.Stop(WalkEnd.Damaged);
            count = count > MostFiles ? MostFiles : BitsOfWord;
        }

        for (long first = 0; first < (long)count; first += BitsOfWord)
        {
            if (!table["open_fds"][first / BitsOfWord].TryReadNumber(out ulong bits, out fault))
            {
                Note(walk, fault);
                yield break;
            }

            for (int bit = 0; bit < BitsOfWord; bit++)
            {
                if ((bits >> bit & 1) != 0 && table["fd"][first + bit] is var file && file.Pointer is not { Value: 0 })
                {
                    yield return new OpenFile((int)first + bit, new KernelFile(kernel, file.Target));
                }
            }
        }
    }

    private static void Note(KernelWalk<OpenFile> walk, MemoryFault fault)
    {
        if (fault != MemoryFault.None)
        {
            walk.Stop(WalkEnd.Unreadable, fault);
        }
    }
}
