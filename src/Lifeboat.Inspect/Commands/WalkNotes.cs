using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel.Objects.Walks;

namespace Lifeboat.Inspect.Commands;

/// <summary>Says of a list of the kernel that it did not come to its end.</summary>
internal static class WalkNotes
{
    internal static void Add<T>(Table table, string what, KernelWalk<T> walk)
    {
        string? why = walk.End switch
        {
            WalkEnd.Unreadable => $"{walk.Fault}",
            WalkEnd.Loop => "its links lead in a circle",
            WalkEnd.Damaged => "what is linked contradicts itself",
            WalkEnd.TooMany => "it is longer than any should be",
            _ => null,
        };
        if (why is not null)
        {
            table.Note($"the list of {what} breaks off: {why}; there may be more");
        }
    }
}
