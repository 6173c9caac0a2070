using System.Diagnostics.CodeAnalysis;

namespace Lifeboat.Capture.Settings;

/// <summary>Chooses a block device, as <c>fstab</c> does: <c>UUID=…</c>, <c>LABEL=…</c> or <c>/dev/…</c>.</summary>
public sealed record DeviceSelector
{
    private const string UuidPrefix = "UUID=";
    private const string LabelPrefix = "LABEL=";
    private const string PathPrefix = "/dev/";

    // s_volume_name of ext4 has 16 bytes.
    private const int MaxLabelLength = 16;

    private DeviceSelector(DeviceSelectorKind kind, string value)
    {
        Kind = kind;
        Value = value;
    }

    /// <summary>By what it chooses.</summary>
    public DeviceSelectorKind Kind { get; }

    /// <summary>The UUID in lower case, the label, or the path.</summary>
    public string Value { get; }

    /// <summary>Chooses by UUID.</summary>
    public static DeviceSelector ForUuid(Guid uuid) => new(DeviceSelectorKind.Uuid, uuid.ToString("D"));

    /// <summary>Reads one.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out DeviceSelector? selector)
    {
        selector = null;
        if (text.StartsWith(UuidPrefix, StringComparison.Ordinal))
        {
            if (Guid.TryParseExact(text[UuidPrefix.Length..], "D", out Guid uuid))
            {
                selector = new DeviceSelector(DeviceSelectorKind.Uuid, uuid.ToString("D"));
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
}
