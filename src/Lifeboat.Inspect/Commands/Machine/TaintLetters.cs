using System.Text;

namespace Lifeboat.Inspect.Commands.Machine;

/// <summary>The letters of what taints a kernel (Documentation/admin-guide/tainted-kernels.rst).</summary>
internal static class TaintLetters
{
    private const string Letters = "PFSRMBUDAWCIOELKXTNJ";

    // In the order of the letters.
    private static readonly string[] Meanings =
    [
        "proprietary module", "module loaded by force", "CPU out of its specification", "module unloaded by force",
        "machine check", "bad page", "tainted by user space", "oops or BUG before", "ACPI table overridden", "warning before",
        "staging driver", "firmware bug worked around", "module out of the kernel's tree", "unsigned module", "soft lockup before",
        "live patch", "auxiliary taint", "built with randomised structures", "test of the kernel", "changed firmware settings",
    ];

    /// <summary>The letters of the bits that are set, each with what it means.</summary>
    internal static string Explain(ulong bits)
    {
        var text = new StringBuilder();
        for (int bit = 0; bit < 64; bit++)
        {
            if ((bits >> bit & 1) != 0)
            {
                text.Append(text.Length > 0 ? ", " : "")
                    .Append(bit < Letters.Length ? $"{Letters[bit]} ({Meanings[bit]})" : $"? (bit {bit})");
            }
        }

        return text.Length > 0 ? text.ToString() : "not tainted";
    }

    /// <summary>The letters of the bits that are set, in the kernel's order.</summary>
    internal static string Of(ulong bits)
    {
        var letters = new StringBuilder();
        for (int bit = 0; bit < 64; bit++)
        {
            if ((bits >> bit & 1) != 0)
            {
                letters.Append(bit < Letters.Length ? Letters[bit] : '?');
            }
        }

        return letters.ToString();
    }
}
