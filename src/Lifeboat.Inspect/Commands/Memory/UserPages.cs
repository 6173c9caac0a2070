using Lifeboat.Kernel;
using Lifeboat.Kernel.Memory;

namespace Lifeboat.Inspect.Commands.Memory;

/// <summary>Says where a page of a process is.</summary>
internal static class UserPages
{
    internal static string Describe(CrashedKernel kernel, UserPage page) => page.State switch
    {
        UserPageState.InRam => PageText.Of(kernel.Dump.GetPageState(page.Physical!.Value.Pfn)),
        UserPageState.WithoutAccess => $"{PageText.Of(kernel.Dump.GetPageState(page.Physical!.Value.Pfn))}, without access",
        UserPageState.Swapped => $"swapped: page {page.SwapPlace.Value} of {page.Swap?.Path ?? $"swap area {page.Swap?.Number}"}",
        UserPageState.Marked => "not in RAM: the entry marks something else",
        UserPageState.Unknown => $"page table: {page.Fault}",
        _ => "not mapped",
    };
}
