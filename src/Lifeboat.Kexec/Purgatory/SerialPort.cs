namespace Lifeboat.Kexec.Purgatory;

/// <summary>A serial port of a PC (8250 and compatible).</summary>
/// <param name="Port">Its first I/O port.</param>
/// <param name="Baud">The rate to set, a divisor of 115,200; null leaves the port as it is set.</param>
public sealed record SerialPort(ushort Port, int? Baud = null)
{
    /// <summary>ttyS0, as it is set.</summary>
    public static SerialPort First { get; } = new(0x3f8);
}
