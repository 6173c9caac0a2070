namespace Lifeboat.Capture.ConsoleBlocks;

/// <summary>What a console block says of the crash before everything else.</summary>
public sealed class ConsoleBlockHeader
{
    /// <summary>The crashed machine's name; null when unknown.</summary>
    public string? Host { get; init; }

    /// <summary>The crashed kernel's release; null when unknown.</summary>
    public string? KernelRelease { get; init; }

    /// <summary>When it crashed; null when unknown.</summary>
    public DateTimeOffset? CrashTime { get; init; }

    /// <summary>When the capture began, by the capture kernel's clock; null when unknown.</summary>
    public DateTimeOffset? CaptureTime { get; init; }

    /// <summary>Why nothing could be saved elsewhere.</summary>
    public string? Reason { get; init; }

    /// <summary>The version of the program that wrote the block.</summary>
    public string? ToolVersion { get; init; }

    internal static ConsoleBlockHeader Parse(string text) => new()
    {
        Host = ConsoleFields.Value(text, "host"),
        KernelRelease = ConsoleFields.Value(text, "kernel"),
        CrashTime = ConsoleFields.Time(text, "crashed"),
        CaptureTime = ConsoleFields.Time(text, "captured"),
        Reason = ConsoleFields.Value(text, "reason"),
        ToolVersion = ConsoleFields.Value(text, "tool"),
    };

    internal byte[] ToBytes()
    {
        ConsoleFields fields = new ConsoleFields().Add("host", Host).Add("kernel", KernelRelease);
        if (CrashTime is { } crashed)
        {
            fields.Add("crashed", crashed.ToUnixTimeSeconds());
        }

        if (CaptureTime is { } captured)
        {
            fields.Add("captured", captured.ToUnixTimeSeconds());
        }

        return fields.Add("reason", Reason).Add("tool", ToolVersion).ToBytes();
    }
}
