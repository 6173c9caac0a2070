using System.Diagnostics.CodeAnalysis;

namespace Lifeboat.Capture.Settings;

/// <summary>Chooses a block device, as <c>fstab</c> does: <c>UUID=…</c>, <c>LABEL=…</c> or <c>/dev/…</c>.</summary>
public sealed record DeviceSelector
{
    private const string UuidPrefix = "UUID=";
    private const string LabelPrefix = "LABEL=";
    private const string PathPrefix = "/dev/";

    // btrfs has the longest.
    private const int MaxLabelLength = 255;

    // vfat's serial number, 1A2B-3C4D.
    private const int SerialLength = 9;
    private const int SerialDash = 4;

    private DeviceSelector(DeviceSelectorKind kind, string value)
    {
        Kind = kind;
        Value = value;
    }

    /// <summary>By what it chooses.</summary>
    public DeviceSelectorKind Kind { get; }

    /// <summary>The UUID in lower case (that of vfat, <c>1A2B-3C4D</c>, in upper case), the label, or the path.</summary>
    public string Value { get; }

    /// <summary>Chooses by UUID.</summary>
    public static DeviceSelector ForUuid(Guid uuid) => new(DeviceSelectorKind.Uuid, uuid.ToString("D"));

    /// <summary>Reads one.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out DeviceSelector? selector)
    {
        selector = null;
        if (text.StartsWith(UuidPrefix, StringComparison.Ordinal))
        {
            string value = text[UuidPrefix.Length..];
            if (Guid.TryParseExact(value, "D", out Guid uuid))
            {
                selector = new DeviceSelector(DeviceSelectorKind.Uuid, uuid.ToString("D"));
            }
            else if (IsSerial(value))
            {
                selector = new DeviceSelector(DeviceSelectorKind.Uuid, value.ToUpperInvariant());
            }
        }
        else if (text.StartsWith(LabelPrefix, StringComparison.Ordinal))
        {
            if (text.Length > LabelPrefix.Length && text.Length <= LabelPrefix.Length + MaxLabelLength)
            {
                selector = new DeviceSelector(DeviceSelectorKind.Label, text[LabelPrefix.Length..]);
            }
        }
        else if (text.StartsWith(PathPrefix, StringComparison.Ordinal) && text.Length > PathPrefix.Length
            && !text.Contains("..", StringComparison.Ordinal) && !text.Contains('\0'))
        {
            selector = new DeviceSelector(DeviceSelectorKind.Path, text);
        }

        return selector is not null;
    }

    /// <summary>As the settings file writes it.</summary>
    public override string ToString() => Kind switch
    {
        DeviceSelectorKind.Uuid => UuidPrefix + Value,
        DeviceSelectorKind.Label => LabelPrefix + Value,
        _ => Value,
    };

    private static bool IsSerial(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (i == SerialDash ? text[i] != '-' : !char.IsAsciiHexDigit(text[i]))
            {
                return false;
            }
        }

        return text.Length == SerialLength;
    }
}
