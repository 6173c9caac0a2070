namespace Lifeboat.Kexec.Purgatory;

/// <summary>What purgatory does besides starting the next kernel.</summary>
public sealed record PurgatoryOptions
{
    /// <summary>Whether the segments are not checked against what was loaded (kexec -i).</summary>
    public bool SkipChecks { get; init; }

    /// <summary>The serial port that it writes to; null for none.</summary>
    public SerialPort? Serial { get; init; } = SerialPort.First;

    /// <summary>Whether it writes to the text screen of a VGA card (kexec --console-vga).</summary>
    public bool VgaConsole { get; init; }

    /// <summary>Whether it puts a VGA card into text mode first (kexec --reset-vga).</summary>
    public bool ResetVga { get; init; }
}
