using System.Text;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Kernel.Memory;

/// <summary>The names of flags of pages, as this kernel numbers them (<c>enum pageflags</c>).</summary>
public sealed class PageFlagNames
{
    private const string Prefix = "PG_";

    private readonly List<string?> _names = [];

    internal PageFlagNames(CrashedKernel kernel)
    {
        // Node and zone lie above the last flag.
        if (kernel.Types.TryFind("enum pageflags", out KernelType? flags)
            && kernel.Types.TryFindEnumerator("__NR_PAGEFLAGS", out long count) && count is > 0 and <= 64)
        {
            for (int bit = 0; bit < count; bit++)
            {
                string? name = flags.NameOf(bit);
                _names.Add(name is not null && name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : null);
            }
        }
    }

    /// <summary>The names of the flags that are set, separated by commas.</summary>
    public string NamesOf(ulong flags)
    {
        var text = new StringBuilder();
        for (int bit = 0; bit < _names.Count; bit++)
        {
            if ((flags & (1UL << bit)) != 0)
            {
                text.Append(text.Length > 0 ? "," : "").Append(_names[bit] ?? "?");
            }
        }

        return text.ToString();
    }
}
