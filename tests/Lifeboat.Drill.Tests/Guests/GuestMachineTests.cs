using Lifeboat.Drill.Guests;
using Lifeboat.Drill.Tests.TestSupport;

namespace Lifeboat.Drill.Tests.Guests;

public sealed class GuestMachineTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public void Lines_come_without_control_characters_and_the_last_needs_no_line_end()
    {
        using GuestMachine guest = FakeGuest.Start(@"printf '\033[1mbold\r\n\none\ttwo\nlast'");
        Assert.Equal(["[1mbold", "", "one\ttwo", "last"], AllLines(guest));
    }

    [Fact]
    public void A_line_that_never_ends_is_cut_and_loses_nothing()
    {
        using GuestMachine guest = FakeGuest.Start("printf '%010000d\\nnext\\n' 7");
        List<string> lines = AllLines(guest);
        Assert.Equal(new string('0', 9999) + "7", string.Concat(lines[..^1]));
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 4096));
        Assert.Equal("next", lines[^1]);
    }

    [Fact]
    public void Bytes_that_are_no_text_do_not_end_the_console()
    {
        using GuestMachine guest = FakeGuest.Start(@"printf '\377\376\200\nafter\n'");
        Assert.Equal("after", AllLines(guest)[^1]);
    }

    [Fact]
    public void What_is_typed_reaches_the_guest()
    {
        using GuestMachine guest = FakeGuest.Start("read line; echo \"got $line\"");
        guest.TypeLine("go");
        Assert.Equal(["got go"], AllLines(guest));
    }

    [Fact]
    public void Nothing_of_the_guest_stays_behind()
    {
        string pid;
        using (GuestMachine guest = FakeGuest.Start("echo $$; exec cat"))
        {
            Assert.True(guest.TryReadLine(out ConsoleLine? line, Patience, CancellationToken.None));
            pid = line!.Text;
            Assert.True(Directory.Exists($"/proc/{pid}"));
        }

        Assert.False(Directory.Exists($"/proc/{pid}"));
    }

    private static List<string> AllLines(GuestMachine guest)
    {
        var lines = new List<string>();
        while (true)
        {
            Assert.True(guest.TryReadLine(out ConsoleLine? line, Patience, CancellationToken.None));
            if (line is null)
            {
                return lines;
            }

            lines.Add(line.Text);
        }
    }
}
