using System.Globalization;
using System.Text;

namespace Lifeboat.Kexec.Machine;

/// <summary>
/// The files of /proc, /sys and /boot of a machine: of this one, of a copy of them below a folder, or of one that was
/// saved. All that is ever read of a machine goes through here, so that it can be saved whole.
/// </summary>
/// <param name="source">Where the files come from.</param>
internal sealed class SystemTree(ISystemSource source)
{
    /// <summary>More than any file of text that is read here.</summary>
    private const int MaxText = 16 << 20;

    /// <summary>The files below a folder; a machine that runs has its own below <c>/</c>.</summary>
    internal SystemTree(string root)
        : this(new FolderSource(root))
    {
    }

    /// <summary>The path of a file, of a machine whose files lie below a folder.</summary>
    /// <exception cref="InvalidOperationException">It is a saved machine.</exception>
    internal string PathOf(string file) => source is FolderSource folder
        ? folder.PathOf(file)
        : throw new InvalidOperationException("a saved machine has no folder");

    /// <summary>The text of a file; null when it is missing or may not be read.</summary>
    internal string? TryReadText(string file) =>
        source.TryRead(file, MaxText) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    /// <summary>The first bytes of a file, at most <paramref name="count"/>; empty when they may not be read.</summary>
    internal ReadOnlyMemory<byte> TryReadStart(string file, int count) => source.TryRead(file, count);

    /// <summary>A file that holds one decimal number; null when it does not.</summary>
    internal long? TryReadNumber(string file) =>
        long.TryParse(
            TryReadText(file)?.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? number
            : null;

    /// <summary>The names in a folder, in no order; none when it is missing.</summary>
    internal IEnumerable<string> FolderNames(string folder) => source.FolderNames(folder);
}
