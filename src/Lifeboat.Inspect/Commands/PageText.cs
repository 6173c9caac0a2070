using Lifeboat.Vmcore;

namespace Lifeboat.Inspect.Commands;

/// <summary>What a dump has of a page, in a word.</summary>
internal static class PageText
{
    internal static string Of(PageState state) => state switch
    {
        PageState.Present => "present",
        PageState.Zero => "zero",
        PageState.Excluded => "excluded",
        PageState.Truncated => "truncated",
        _ => "not RAM",
    };
}
