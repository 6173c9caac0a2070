using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Lifeboat.Machine.Tests.Loading;

/// <summary>
/// Our plan for a crash beside that of kexec-tools (<c>kexec -d</c>) on one guest: what is the same, and each thing that is not, which
/// docs/loader.md explains under the same words.
/// </summary>
public sealed partial class PlanComparisonTests
{
    private const ulong Page = 4096;

    /// <summary>The zero page: what follows it in kexec-tools' segment is the kernel's 16-bit code.</summary>
    private const ulong BootParameters = 4096;

    [Theory]
    [InlineData("6.1")]
    [InlineData("6.12")]
    public void The_plan_of_kexec_tools_is_ours_but_for_what_is_explained(string series)
    {
        if (series == "6.1")
        {
            TestMachine.RequireNightly();
        }

        TestKernel kernel = TestMachine.Kernel(series);
        string image = $"/boot/vmlinuz-{kernel.Release}";
        List<string> console = DebianGuest.Run(kernel, $"""
            run kdump-config unload
            run kexec.debian -c -d -p {image} --initrd={DebianGuest.IdleRamdisk} --command-line=quiet
            run lifeboat arm --dry-run --json {image} --ramdisk {DebianGuest.IdleRamdisk} --command-line quiet
            """, "crashkernel=256M");
        List<string> theirs = Between(console, "@@ kexec.debian");
        using var ours = JsonDocument.Parse(string.Join('\n', Between(console, "@@ lifeboat arm")));
        CompareSegments(theirs, ours);
        CompareWhatIsTold(theirs, ours);
    }

    private static void CompareSegments(List<string> theirs, JsonDocument ours)
    {
        Dictionary<string, Piece> own = Segments(ours);
        List<Piece> peer = Segments(theirs);
        ulong backup = Value(theirs, BackupLine());
        ulong header = Value(theirs, HeaderLine());
        var unexplained = new List<Piece>();
        int same = 0;
        foreach (Piece piece in peer)
        {
            // The ramdisk is the same, only elsewhere; of the kernel ours leaves out the signature behind its code.
            if (piece.Content == own["ramdisk"].Content && piece.Memory == own["ramdisk"].Memory)
            {
                same++;
            }
            else if (piece.Memory == own["kernel"].Memory)
            {
                Assert.InRange(piece.Content - own["kernel"].Content, 0UL, 4 * Page);
                same++;
            }
            else if (piece.Start == header)
            {
                // ELF core header: the backup's and the first 640 KiB's place is the difference of what is in it.
                Assert.InRange(own["ELF core header"].Content, 1UL, piece.Content);
                same++;
            }
            else if (piece.Start == Value(theirs, PurgatoryLine()) || piece.Start == Value(theirs, SetupLine()))
            {
                // Purgatory: each has its own. Boot parameters: theirs have the kernel's 16-bit code behind them, which nobody runs.
                Assert.True(piece.Content >= BootParameters);
                same++;
            }
            else if (piece.Start == backup)
            {
                // First 640 KiB: a capture kernel since 5.6 does not write there, and what was there is no part of a dump.
                Assert.InRange(piece.Memory, 1UL, 640UL << 10);
            }
            else if (piece.Memory == Page && piece.Content < 256)
            {
                // Jump-back stub: a few bytes at the bottom, for kernels that return.
            }
            else
            {
                unexplained.Add(piece);
            }
        }

        Assert.True(unexplained.Count == 0, string.Join('\n', unexplained));
        Assert.Equal(own.Count, same);
    }

    private static void CompareWhatIsTold(List<string> theirs, JsonDocument ours)
    {
        // Memory in the dump: theirs begins with the backup of the first 640 KiB.
        var loads = new List<string>();
        foreach (string line in theirs)
        {
            if (LoadLine().Match(line) is { Success: true } match)
            {
                ulong start = Hex(match.Groups["start"].Value);
                loads.Add($"{start:x}-{start + Hex(match.Groups["length"].Value):x}");
            }
        }

        Assert.Equal(loads.Skip(1), ours.RootElement.GetProperty("dumped").EnumerateArray().Select(Text));

        // Memory map: the first to the last entry, but that what each cuts out of the reservation's end differs.
        int map = theirs.IndexOf("E820 memmap:");
        List<string> entries = [.. theirs.Skip(map + 1).TakeWhile(line => MapLine().IsMatch(line))];
        JsonElement reservation = ours.RootElement.GetProperty("reservation");
        string bottom = reservation.GetProperty("start").GetString()![2..];
        IEnumerable<string> Outside(IEnumerable<string> ranges) => ranges.Where(range =>
            Hex(range.Split('-')[0]) < Hex(bottom) || Hex(range.Split('-')[0]) >= Hex(reservation.GetProperty("end").GetString()![2..]));
        Assert.Equal(
            Outside(entries.Select(line => { Match m = MapLine().Match(line); return $"{Hex(m.Groups["first"].Value):x}-{Hex(m.Groups["last"].Value) + 1:x}"; })),
            Outside(ours.RootElement.GetProperty("memoryMap").EnumerateArray().Select(entry => Text(entry.GetProperty("memory")))));

        // Command line: they name the ACPI root pointer and count the header's place in KiB.
        string peerLine = theirs[theirs.IndexOf("Command line after adding elfcorehdr") + 1];
        Assert.Matches(@"^quiet (acpi_rsdp=0x[0-9a-f]+ )?elfcorehdr=\d+K$", peerLine);
        Assert.Matches("^quiet elfcorehdr=0x[0-9a-f]+$", ours.RootElement.GetProperty("commandLine").GetString()!);
    }

    private sealed record Piece(ulong Start, ulong Content, ulong Memory);

    private static List<string> Between(List<string> console, string command)
    {
        int start = console.FindIndex(line => line.StartsWith(command, StringComparison.Ordinal));
        Assert.True(start >= 0, string.Join('\n', console.TakeLast(40)));
        int end = console.FindIndex(start, line => line.StartsWith("@@ = ", StringComparison.Ordinal));
        Assert.Equal("@@ = 0", console[end]);
        return console[(start + 1)..end];
    }

    private static List<Piece> Segments(List<string> lines)
    {
        var pieces = new List<Piece>();
        string[] all = [.. lines.Where(line => line.StartsWith("segment[", StringComparison.Ordinal)).Select(line => line[(line.LastIndexOf('x') + 1)..])];
        for (int i = 0; i + 3 < all.Length; i += 4)
        {
            pieces.Add(new Piece(Hex(all[i + 2]), Hex(all[i + 1]), Hex(all[i + 3])));
        }

        return pieces;
    }

    private static Dictionary<string, Piece> Segments(JsonDocument plan) =>
        plan.RootElement.GetProperty("segments").EnumerateArray().ToDictionary(
            segment => segment.GetProperty("name").GetString()!,
            segment => new Piece(
                Hex(segment.GetProperty("memory").GetProperty("start").GetString()![2..]),
                segment.GetProperty("contentBytes").GetUInt64(),
                segment.GetProperty("memory").GetProperty("bytes").GetUInt64()),
            StringComparer.Ordinal);

    private static string Text(JsonElement range) =>
        $"{range.GetProperty("start").GetString()![2..]}-{range.GetProperty("end").GetString()![2..]}";

    private static ulong Value(List<string> lines, Regex expression) =>
        lines.Select(line => expression.Match(line)).FirstOrDefault(match => match.Success) is { } found ? Hex(found.Groups["value"].Value) : 0;

    private static ulong Hex(string text) => ulong.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^Created backup segment at 0x(?<value>[0-9a-f]+)", RegexOptions.None, 1000)]
    private static partial Regex BackupLine();

    [GeneratedRegex(@"^Created elf header segment at 0x(?<value>[0-9a-f]+)", RegexOptions.None, 1000)]
    private static partial Regex HeaderLine();

    [GeneratedRegex(@"^Loaded purgatory at addr 0x(?<value>[0-9a-f]+)", RegexOptions.None, 1000)]
    private static partial Regex PurgatoryLine();

    [GeneratedRegex(@"^Loaded real_mode_data and command line at 0x(?<value>[0-9a-f]+)", RegexOptions.None, 1000)]
    private static partial Regex SetupLine();

    [GeneratedRegex(@"^Elf header: p_type = 1, p_offset = 0x[0-9a-f]+ p_paddr = 0x(?<start>[0-9a-f]+) p_vaddr = 0x[0-9a-f]+ p_filesz = 0x(?<length>[0-9a-f]+)", RegexOptions.None, 1000)]
    private static partial Regex LoadLine();

    [GeneratedRegex(@"^(?<first>[0-9a-f]{16})-(?<last>[0-9a-f]{16}) \(\d+\)$", RegexOptions.None, 1000)]
    private static partial Regex MapLine();
}
