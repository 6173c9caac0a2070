using System.Text;
using Lifeboat.Core.Compression;
using Lifeboat.Kexec.Machine;

namespace Lifeboat.Kexec.Status;

/// <summary>What the running kernel was built with, from where its configuration is installed or from itself.</summary>
internal sealed class KernelConfiguration
{
    // The largest of Debian's has 300 KiB.
    private const int MaxBytes = 4 << 20;

    private readonly string _text;

    private KernelConfiguration(string text) => _text = text;

    /// <summary>The configuration of <paramref name="release"/>; null where none is installed.</summary>
    internal static KernelConfiguration? Read(SystemTree tree, string release)
    {
        string name = Path.GetFileName(release);
        string? text = tree.TryReadText($"boot/config-{name}")
            ?? tree.TryReadText($"lib/modules/{name}/config")
            ?? tree.TryReadText($"usr/lib/modules/{name}/config")
            ?? ReadOwn(tree);
        return text is null ? null : new KernelConfiguration($"\n{text}\n");
    }

    /// <summary>Whether an option is built in.</summary>
    internal bool Has(string option) => _text.Contains($"\n{option}=y\n", StringComparison.Ordinal);

    /// <summary>/proc/config.gz, where the kernel carries its own (CONFIG_IKCONFIG_PROC).</summary>
    private static string? ReadOwn(SystemTree tree)
    {
        return GzipArchive.Decompress(tree.TryReadStart("proc/config.gz", MaxBytes).Span, MaxBytes) is { } text
            ? Encoding.UTF8.GetString(text)
            : null;
    }
}
