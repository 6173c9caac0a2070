using System.Text;

namespace Lifeboat.Kernel;

/// <summary>One record of the kernel's log (<c>struct printk_info</c> and its text).</summary>
/// <param name="Sequence">Counts up from 0 at boot, without gaps.</param>
/// <param name="TimestampNanoseconds">Since boot, by the kernel's scheduler clock.</param>
/// <param name="Level">0 emergency to 7 debug.</param>
/// <param name="Facility">As syslog(3); 0 is the kernel.</param>
/// <param name="CallerId">A task's PID, or a CPU with the top bit set; see <see cref="CallerText"/>.</param>
/// <param name="Text">The message, without its prefix; may have several lines.</param>
public sealed record LogRecord(
    ulong Sequence, ulong TimestampNanoseconds, int Level, int Facility, uint CallerId, string Text)
{
    private const uint CpuFlag = 0x8000_0000;

    /// <summary>
    /// Who wrote it, as the kernel prints it with CONFIG_PRINTK_CALLER: <c>T123</c> a task, <c>C1</c> a CPU.
    /// </summary>
    public string CallerText => (CallerId & CpuFlag) != 0 ? $"C{CallerId & ~CpuFlag}" : $"T{CallerId}";

    /// <summary>Time since boot.</summary>
    public TimeSpan Timestamp => TimeSpan.FromTicks((long)(TimestampNanoseconds / 100));

    /// <summary>
    /// The record as dmesg prints it, <c>[    1.234567] text</c>, with the prefix before each of its lines and no
    /// line end after the last. Control characters are written as <c>\x1b</c>, so that a log cannot drive a terminal.
    /// </summary>
    public string ToDmesgText()
    {
        string prefix =
            $"[{TimestampNanoseconds / 1_000_000_000,5}.{TimestampNanoseconds / 1_000 % 1_000_000:000000}] ";
        var line = new StringBuilder(prefix, prefix.Length + Text.Length);
        ReadOnlySpan<char> text = Text.EndsWith('\n') ? Text.AsSpan(0, Text.Length - 1) : Text;
        foreach (char c in text)
        {
            if (c == '\n')
            {
                line.Append('\n').Append(prefix);
            }
            else if (char.IsControl(c) && c != '\t')
            {
                line.Append($"\\x{(int)c:x2}");
            }
            else
            {
                line.Append(c);
            }
        }

        return line.ToString();
    }
}
