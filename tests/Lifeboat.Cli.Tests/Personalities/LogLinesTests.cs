using System.Text;
using Lifeboat.Cli.Personalities;
using Lifeboat.Kernel;

namespace Lifeboat.Cli.Tests.Personalities;

public sealed class LogLinesTests
{
    [Theory]
    [InlineData("hello", "[    1.234567] [     T42] hello\n", "[    1.234567] hello\n")]
    [InlineData("", "[    1.234567] [     T42] \n", "[    1.234567] \n")]
    [InlineData("a\nb", "[    1.234567] [     T42] a\n                          b\n", "[    1.234567] a\nb\n")]
    [InlineData("a\tb\e[0m", "[    1.234567] [     T42] a\tb\\x1b[0m\n", "[    1.234567] a\tb\\x1b[0m\n")]
    [InlineData("é", "[    1.234567] [     T42] \\xc3\\xa9\n", "[    1.234567] \\xc3\\xa9\n")]
    public void A_record_is_written_as_each_program_writes_it(string text, string makedumpfile, string vmcoreDmesg)
    {
        var record = new LogRecord(0, 1_234_567_890, 6, 0, 42, text);
        Assert.Equal(makedumpfile, Written(record, LogLines.WriteWithCaller));
        Assert.Equal(vmcoreDmesg, Written(record, LogLines.Write));
    }

    [Fact]
    public void A_processor_is_told_from_a_task() => Assert.StartsWith(
        "[12345.000001] [      C3] ",
        Written(new LogRecord(0, 12_345_000_001_999, 6, 0, 0x8000_0003, "x"), LogLines.WriteWithCaller),
        StringComparison.Ordinal);

    private static string Written(LogRecord record, Action<LogRecord, Stream> write)
    {
        using var stream = new MemoryStream();
        write(record, stream);
        return Encoding.ASCII.GetString(stream.ToArray());
    }
}
