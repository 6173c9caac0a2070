using System.Text;
using Lifeboat.Kexec.Machine;

namespace Lifeboat.Kexec.Entries;

/// <summary>The variables that boot loaders and systems share (the Boot Loader Interface), as efivarfs shows them.</summary>
internal static class EfiVariable
{
    private const string Vendor = "4a67b082-0a4c-41cf-b6c7-440b29bb8c4f";
    private const int AttributeBytes = 4;
    private const int MaxBytes = 4096;

    /// <summary>A variable's text, UTF-16 up to a NUL; null when it is not set or empty.</summary>
    internal static string? TryRead(SystemTree tree, string name)
    {
        ReadOnlySpan<byte> bytes = tree.TryReadStart($"sys/firmware/efi/efivars/{name}-{Vendor}", MaxBytes).Span;
        if (bytes.Length <= AttributeBytes)
        {
            return null;
        }

        string text = Encoding.Unicode.GetString(bytes[AttributeBytes..]);
        int end = text.IndexOf('\0', StringComparison.Ordinal);
        text = end < 0 ? text : text[..end];
        return text.Length == 0 ? null : text;
    }
}
