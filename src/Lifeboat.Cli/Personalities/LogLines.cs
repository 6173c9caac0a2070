using System.Text;
using Lifeboat.Kernel;

namespace Lifeboat.Cli.Personalities;

/// <summary>Records of the kernel's log as other programs write them, byte for byte.</summary>
/// <remarks>
/// Bytes that are not printable ASCII are written as <c>\xe2</c>. makedumpfile built for x86-64 writes them as
/// <c>\xffffffe2</c>, as it takes char for signed there; on arm64 it writes what is written here.
/// </remarks>
internal static class LogLines
{
    /// <summary>As makedumpfile: time, who wrote it, text, whose further lines are indented.</summary>
    public static void WriteWithCaller(LogRecord record, Stream output)
    {
        string prefix = $"{TimeOf(record)}[{record.CallerText,8}] ";
        Write(record, prefix, new string(' ', prefix.Length), output);
    }

    /// <summary>As vmcore-dmesg: time and text.</summary>
    public static void Write(LogRecord record, Stream output) => Write(record, TimeOf(record), "", output);

    private static string TimeOf(LogRecord record) =>
        $"[{record.TimestampNanoseconds / 1_000_000_000,5}.{record.TimestampNanoseconds / 1_000 % 1_000_000:000000}] ";

    private static void Write(LogRecord record, string prefix, string indent, Stream output)
    {
        output.Write(Encoding.ASCII.GetBytes(prefix));
        foreach (byte value in LogText.ToBytes(record.Text))
        {
            // Printable, or one of isspace(): tab to carriage return.
            if (value is >= 0x20 and < 0x7f or >= 0x09 and <= 0x0d)
            {
                output.WriteByte(value);
            }
            else
            {
                output.Write(Encoding.ASCII.GetBytes($"\\x{value:x2}"));
            }

            if (value == '\n')
            {
                output.Write(Encoding.ASCII.GetBytes(indent));
            }
        }

        output.WriteByte((byte)'\n');
    }
}
