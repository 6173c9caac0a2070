using System.Text;

namespace Lifeboat.Inspect.Commands;

/// <summary>The letters of what taints a kernel (Documentation/admin-guide/tainted-kernels.rst).</summary>
internal static class TaintLetters
{
    private const string Letters = "PFSRMBUDAWCIOELKXTNJ";

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
