using System.Globalization;
using System.Text.RegularExpressions;
using Lifeboat.Core.Memory;
using Lifeboat.Inspect.Commands;
using Lifeboat.Inspect.Commands.Code;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;
using Lifeboat.Symbols.Tests.RealDumps;
using Lifeboat.TestSupport;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Inspect.Tests.Commands.Code;

/// <summary>Instructions as objdump tells them, of the dump's own memory and of the vmlinux before it was patched.</summary>
public sealed partial class DisOracleTests
{
    private const string Objdump = "/usr/bin/objdump";

    private static readonly string[] Functions =
        ["vfs_write", "schedule", "panic", "do_syscall_64", "crash_kexec", "find_vma", "do_exit", "native_queued_spin_lock_slowpath"];

    [Fact]
    public void Instructions_begin_and_lead_where_objdump_says()
    {
        Tools.Require(Objdump);
        IReadOnlyList<string> dumps = TestDumps.Find(".elf");
        Assert.SkipWhen(dumps.Count == 0, "LIFEBOAT_TEST_DUMPS names no folder with dumps");
        using var folder = new TemporaryFolder();
        foreach (string path in dumps)
        {
            using var dump = CrashDump.Open(path);
            Assert.True(dump.Kernel.Symbols.TryFindAddress("vfs_write", out VirtualAddress start));
            byte[] code = new byte[64 << 10];
            Assert.Equal(code.Length, dump.Kernel.Space.Read(start, code, out _));
            string file = folder.Write("code", code);
            string[] theirs = Tools.Run(
                Objdump, "-D", "-b", "binary", "-m", "i386:x86-64", "-M", "intel", "--no-show-raw-insn", $"--adjust-vma={start}", file).Split('\n');

            var listing = new CodeListing(dump.Kernel, null);
            listing.Add(start, code.Length, 0, int.MaxValue);
            Dictionary<string, string> ours = listing.Table.Rows.ToDictionary(
                row => row[1].ToText(ColumnKind.Hex), row => row[3].ToText(ColumnKind.Text), StringComparer.Ordinal);
            (int common, int branches) = (0, 0);
            foreach (Match line in theirs.Select(line => Line().Match(line)).Where(match => match.Success))
            {
                // Padding between functions may be data to one and code to the other.
                if (!ours.TryGetValue(line.Groups["at"].Value, out string? text))
                {
                    continue;
                }

                common++;
                if (Branch().Match(line.Groups["text"].Value) is { Success: true } branch)
                {
                    branches++;
                    ulong target = ulong.Parse(branch.Groups["to"].Value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
                    string name = Places.NameOf(dump.Kernel, new VirtualAddress(target)) ?? $"0x{target:x}";
                    Assert.Equal($"{branch.Groups["name"].Value} {name}", Plain(text));
                }
            }

            Assert.InRange(common, ours.Count * 99 / 100, ours.Count);
            Assert.InRange(branches, 1000, ours.Count);
        }
    }

    [Fact]
    public void Calls_are_those_of_the_vmlinux()
    {
        Tools.Require(Objdump);
        using var real = RealKernel.OpenWithDebugInfo();
        CrashedKernel kernel = CrashedKernel.Open(real.Dump);
        foreach (string function in Functions)
        {
            string[] theirs = [.. Tools.Run(Objdump, $"--disassemble={function}", "-M", "intel", "--no-show-raw-insn", real.Vmlinux!).Split('\n')
                .Select(line => Call().Match(line)).Where(match => match.Success).Select(match => match.Groups["name"].Value)
                .Where(name => !Patched().IsMatch(name))];
            Assert.True(InspectCommands.TryFind("dis", out InspectCommand? dis));
            string ours = string.Join('\n', dis.Run(new InspectSession(kernel), [function])[0].Rows.Select(row => row[3].ToText(ColumnKind.Text)));
            Assert.All(theirs, name => Assert.Contains($"call {name}", ours, StringComparison.Ordinal));
        }
    }

    // What a jump of two bytes is called is a matter of taste.
    private static string Plain(string text) => text.Replace("jmp short ", "jmp ", StringComparison.Ordinal)
        .Replace(" near ", " ", StringComparison.Ordinal);

    [GeneratedRegex("^ *(?<at>[0-9a-f]+):\t(?<text>.*)$")]
    private static partial Regex Line();

    [GeneratedRegex("^(?<name>call|jmp|j[a-z]+) +0x(?<to>[0-9a-f]+)$")]
    private static partial Regex Branch();

    // Thunks of retpolines, hooks of ftrace, static calls: replaced when the kernel starts.
    [GeneratedRegex("^(__x86_|__fentry__|__SCT__)")]
    private static partial Regex Patched();

    [GeneratedRegex(@"\tcall +[0-9a-f]+ <(?<name>\w+)>$")]
    private static partial Regex Call();
}
