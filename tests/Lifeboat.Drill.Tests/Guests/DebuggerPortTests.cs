using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Drill.Guests;
using Lifeboat.Drill.Tests.TestSupport;
using Lifeboat.TestSupport;

namespace Lifeboat.Drill.Tests.Guests;

public sealed class DebuggerPortTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Bytes_are_read_and_written_at_physical_addresses_and_the_guest_is_let_go()
    {
        using var server = new FakeDebuggerServer(Socket);
        server.Memory[0x1_2345_6789] = 0xAB;
        using (DebuggerPort port = DebuggerPort.Open(Socket))
        {
            Assert.Equal(0xAB, port.ReadByte(new PhysicalAddress(0x1_2345_6789)));
            port.WriteByte(new PhysicalAddress(0x10), 0x0C);
        }

        server.WaitForEnd();
        Assert.Equal(0x0C, server.Memory[0x10]);
        Assert.Equal(["Qqemu.PhyMemMode:1", "m123456789,1", "M10,1:0c", "D"], server.Commands);
        Assert.False(server.SawWrongChecksum);
    }

    [Theory]
    [InlineData("")]
    [InlineData("E01")]
    [InlineData("OKOK")]
    public void A_qemu_without_physical_mode_is_told(string answer)
    {
        using var server = new FakeDebuggerServer(Socket, _ => answer);
        Diagnostic diagnostic = Assert.Single(
            Assert.Throws<DiagnosticException>(() => DebuggerPort.Open(Socket)).Diagnostics);
        Assert.Equal(DrillDiagnostics.DebuggerProtocol, diagnostic.Id);
        Assert.Equal(
            ("Qqemu.PhyMemMode:1", $"\"{answer}\"", "OK"), (diagnostic.Where, diagnostic.Found, diagnostic.Expected));
        server.WaitForEnd();
    }

    [Fact]
    public void A_command_goes_to_the_monitor_and_a_refusal_is_told()
    {
        using var server = new FakeDebuggerServer(Socket, command => command == "qRcmd,6261" ? "E01" : "OK");
        using (DebuggerPort port = DebuggerPort.Open(Socket))
        {
            port.Monitor("nmi");
            Assert.Throws<DiagnosticException>(() => port.Monitor("ba"));
        }

        server.WaitForEnd();
        Assert.Contains("qRcmd,6e6d69", server.Commands);
    }

    [Theory]
    [InlineData("E14")]
    [InlineData("")]
    [InlineData("0102")]
    [InlineData("zz")]
    public void An_answer_that_is_no_byte_is_told(string answer)
    {
        using var server = new FakeDebuggerServer(Socket, command => command[0] == 'm' ? answer : "OK");
        using DebuggerPort port = DebuggerPort.Open(Socket);
        Assert.Throws<DiagnosticException>(() => port.ReadByte(PhysicalAddress.Zero));
    }

    [Fact]
    public void A_qemu_that_goes_away_is_an_io_error_and_closing_is_quiet()
    {
        using var server = new FakeDebuggerServer(Socket, command => command[0] == 'm' ? null : "OK");
        using DebuggerPort port = DebuggerPort.Open(Socket);
        Assert.ThrowsAny<IOException>(() => port.ReadByte(PhysicalAddress.Zero));
    }

    [Fact]
    public void A_port_that_is_not_there_is_an_io_error_that_names_it() => Assert.Contains(
        Socket, Assert.ThrowsAny<IOException>(() => DebuggerPort.Open(Socket)).Message, StringComparison.Ordinal);

    private string Socket => _folder.Combine("gdb");
}
