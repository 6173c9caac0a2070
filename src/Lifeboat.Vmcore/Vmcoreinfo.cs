using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore;

/// <summary>
/// VMCOREINFO: what a kernel exports about itself for dump tools, lines of <c>KEY=VALUE</c>
/// (Documentation/admin-guide/kdump/vmcoreinfo.rst).
/// </summary>
/// <remarks><para><b>Thread safety.</b> Immutable.</para></remarks>
public sealed class Vmcoreinfo
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    private Vmcoreinfo(string text)
    {
        Text = text;
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            int equals = line.IndexOf('=');
            if (equals > 0)
            {
                // The kernel appends: when a key comes twice, the later line is the newer one.
                _values[line[..equals].ToString()] = line[(equals + 1)..].ToString();
            }
        }
    }

    /// <summary>The one that has no keys.</summary>
    public static Vmcoreinfo Empty { get; } = new("");

    /// <summary>The text as it stands in the dump, without the zeros that pad it.</summary>
    public string Text { get; }

    /// <summary>Whether there is no key at all.</summary>
    public bool IsEmpty => _values.Count == 0;

    /// <summary>The kernel's release (OSRELEASE); null when missing.</summary>
    public string? OsRelease => _values.GetValueOrDefault("OSRELEASE");

    /// <summary>Bytes in a page (PAGESIZE); 4096 when missing or absurd.</summary>
    public int PageSize => TryGetText("PAGESIZE", out string? text) && TryParseLong(text, out long size)
        && size is >= Pfn.PageSize and <= 65536 && long.IsPow2(size) ? (int)size : Pfn.PageSize;

    /// <summary>How far KASLR moved the kernel's image (KERNELOFFSET); 0 when missing.</summary>
    public ByteCount KernelOffset =>
        TryGetText("KERNELOFFSET", out string? text) && TryParseHex(text, out ulong value)
            ? new(value) : ByteCount.Zero;

    /// <summary>Reads the note's content; bytes that are no UTF-8 become replacement characters.</summary>
    public static Vmcoreinfo Parse(ReadOnlySpan<byte> content)
    {
        int end = content.IndexOf((byte)0);
        return new Vmcoreinfo(Encoding.UTF8.GetString(end < 0 ? content : content[..end]));
    }

    /// <summary>The text after a key as it stands, such as <c>SIZE(page)</c>.</summary>
    public bool TryGetText(string key, [NotNullWhen(true)] out string? value) => _values.TryGetValue(key, out value);

    /// <summary><c>SYMBOL(name)</c>, an address of the running kernel (KASLR is already in it).</summary>
    public bool TryGetSymbol(string name, out VirtualAddress address)
    {
        address = default;
        if (!TryGetText($"SYMBOL({name})", out string? text) || !TryParseHex(text, out ulong value))
        {
            return false;
        }

        address = new(value);
        return true;
    }

    /// <summary><c>NUMBER(name)</c>, decimal or with 0x; a number beyond the signed range wraps, as in C.</summary>
    public bool TryGetNumber(string name, out long value)
    {
        value = 0;
        return TryGetText($"NUMBER({name})", out string? text) && TryParseLong(text, out value);
    }

    /// <summary><c>OFFSET(structure.member)</c> in bytes.</summary>
    public bool TryGetOffset(string name, out int value) => TryGetCount("OFFSET", name, out value);

    /// <summary><c>SIZE(structure)</c> in bytes.</summary>
    public bool TryGetSize(string name, out int value) => TryGetCount("SIZE", name, out value);

    /// <summary><c>LENGTH(array)</c> in elements.</summary>
    public bool TryGetLength(string name, out int value) => TryGetCount("LENGTH", name, out value);

    private static bool TryParseHex(ReadOnlySpan<char> text, out ulong value)
    {
        text = text.Trim();
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            text = text[2..];
        }

        return ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }

    private static bool TryParseLong(ReadOnlySpan<char> text, out long value)
    {
        text = text.Trim();
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value))
        {
            return true;
        }

        bool isHex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        bool parsed = ulong.TryParse(
            isHex ? text[2..] : text,
            isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None,
            CultureInfo.InvariantCulture,
            out ulong unsigned);
        value = unchecked((long)unsigned);
        return parsed;
    }

    private bool TryGetCount(string kind, string name, out int value)
    {
        value = 0;
        if (!TryGetText($"{kind}({name})", out string? text) || !TryParseLong(text, out long parsed)
            || parsed is < 0 or > int.MaxValue)
        {
            return false;
        }

        value = (int)parsed;
        return true;
    }
}
